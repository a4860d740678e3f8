# What somebody wants. before.tf is what there is; each change is one that a reviewer ought to see.

locals {
  account = "arn:aws:iam::111122223333:root"
  admin   = "arn:aws:iam::111122223333:role/admin"
}

resource "aws_db_instance" "weakened" {
  identifier                      = "weakened"
  engine                          = "postgres"
  engine_version                  = "14.9"
  instance_class                  = "db.m6g.large"
  allocated_storage               = 50
  username                        = "keeper"
  manage_master_user_password     = true
  backup_retention_period         = 0
  skip_final_snapshot             = true
  multi_az                        = false
  delete_automated_backups        = true
  enabled_cloudwatch_logs_exports = ["upgrade"]
  storage_encrypted               = true
}

resource "aws_db_instance" "encrypted" {
  identifier                  = "encrypted"
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  skip_final_snapshot         = false
  final_snapshot_identifier   = "encrypted-last"
  storage_encrypted           = true
}

# aws_db_instance.guarded and aws_rds_cluster.unnamed are deleted, and cannot be.

resource "aws_s3_bucket" "kept" {
  bucket        = "kept-0a1b2c"
  force_destroy = true
}

# Its versioning and its public access block are deleted; so is aws_s3_bucket.gone.

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = "elsewhere-0a1b2c"
  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "sooner" {
  bucket = "elsewhere-0a1b2c"
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 7
    }
  }
}

resource "aws_ebs_volume" "shrunk" {
  availability_zone = "eu-central-1a"
  size              = 50
}

resource "aws_ebs_volume" "requested" {
  availability_zone = "eu-central-1a"
  size              = 100
}

removed {
  from = aws_ebs_volume.forgotten
  lifecycle {
    destroy = false
  }
}

resource "aws_kms_key" "k" {
  deletion_window_in_days = 7
  enable_key_rotation     = false
  is_enabled              = false
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.admin } }] })
}

resource "aws_secretsmanager_secret" "s" {
  name                    = "s"
  recovery_window_in_days = 0
  kms_key_id              = "arn:aws:kms:eu-central-1:111122223333:key/two"
}

resource "aws_cloudwatch_log_group" "shorter" {
  name              = "shorter"
  retention_in_days = 1
}

resource "aws_cloudwatch_log_group" "ever" {
  name              = "ever"
  retention_in_days = 30
}

resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = false
  }
}

resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids      = ["subnet-0a1b2c"]
  scaling_config {
    desired_size = 1
    max_size     = 2
    min_size     = 0
  }
}

resource "aws_kinesis_stream" "k" {
  name             = "k"
  shard_count      = 2
  retention_period = 24
}

resource "aws_sqs_queue" "q" {
  name                      = "q"
  message_retention_seconds = 60
}

resource "aws_ecr_repository" "r" {
  name         = "r"
  force_delete = true
}

resource "aws_cloudtrail" "c" {
  name           = "trail"
  s3_bucket_name = "trail-0a1b2c"
  enable_logging = false
}

resource "aws_guardduty_detector" "d" {
  enable = false
}

resource "aws_elasticache_replication_group" "e" {
  replication_group_id       = "e"
  description                = "e"
  node_type                  = "cache.m6g.large"
  num_cache_clusters         = 1
  automatic_failover_enabled = false
  snapshot_retention_limit   = 0
}

resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "daily"
    target_vault_name = "vault"
    schedule          = "cron(0 5 ? * * *)"
    lifecycle {
      delete_after = 7
    }
  }
}

# aws_efs_file_system.f, aws_route53_zone.z and aws_eip.a are deleted, and so is the whole module.

resource "aws_iam_user" "shifted" {
  count = 3
  name  = ["ann", "cid", "dan"][count.index]
}

resource "aws_iam_role" "keyed" {
  for_each           = toset(["reader", "editor"])
  name               = "app-${each.key}"
  path               = "/app/"
  description        = "of the app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_sqs_queue" "moved" {
  name = "renamed"
}

moved {
  from = aws_sqs_queue.renamed
  to   = aws_sqs_queue.moved
}
