# What there is. after.tf is what somebody wants it to be.

locals {
  account = "arn:aws:iam::111122223333:root"
  admin   = "arn:aws:iam::111122223333:role/admin"
}

resource "aws_db_instance" "weakened" {
  identifier                      = "weakened"
  engine                          = "postgres"
  engine_version                  = "15.4"
  instance_class                  = "db.m6g.large"
  allocated_storage               = 100
  username                        = "keeper"
  manage_master_user_password     = true
  deletion_protection             = true
  backup_retention_period         = 14
  skip_final_snapshot             = false
  final_snapshot_identifier       = "weakened-last"
  multi_az                        = true
  copy_tags_to_snapshot           = true
  delete_automated_backups        = false
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  storage_encrypted               = true
}

resource "aws_db_instance" "encrypted" {
  identifier                  = "encrypted"
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

resource "aws_db_instance" "guarded" {
  identifier                  = "guarded"
  engine                      = "postgres"
  instance_class              = "db.m6g.large"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  deletion_protection         = true
  skip_final_snapshot         = true
}

resource "aws_rds_cluster" "unnamed" {
  cluster_identifier          = "unnamed"
  engine                      = "aurora-postgresql"
  master_username             = "keeper"
  manage_master_user_password = true
  skip_final_snapshot         = false
}

resource "aws_s3_bucket" "kept" {
  bucket = "kept-0a1b2c"
}

resource "aws_s3_bucket_versioning" "kept" {
  bucket = "kept-0a1b2c"
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "kept" {
  bucket                  = "kept-0a1b2c"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = "elsewhere-0a1b2c"
  versioning_configuration {
    status = "Enabled"
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
      days = 365
    }
  }
}

resource "aws_s3_bucket" "gone" {
  bucket = "gone-0a1b2c"
}

resource "aws_ebs_volume" "shrunk" {
  availability_zone = "eu-central-1a"
  size              = 100
}

resource "aws_ebs_volume" "requested" {
  availability_zone = "eu-central-1a"
  size              = 100
}

resource "aws_ebs_volume" "forgotten" {
  availability_zone = "eu-central-1a"
  size              = 100
}

resource "aws_kms_key" "k" {
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = local.account } }] })
}

resource "aws_secretsmanager_secret" "s" {
  name                    = "s"
  recovery_window_in_days = 30
  kms_key_id              = "arn:aws:kms:eu-central-1:111122223333:key/one"
}

resource "aws_cloudwatch_log_group" "shorter" {
  name              = "shorter"
  retention_in_days = 365
}

resource "aws_cloudwatch_log_group" "ever" {
  name = "ever"
}

resource "aws_cloudwatch_log_group" "left" {
  name         = "left"
  skip_destroy = true
}

resource "aws_dynamodb_table" "t" {
  name                        = "t"
  hash_key                    = "id"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = true
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids      = ["subnet-0a1b2c"]
  scaling_config {
    desired_size = 10
    max_size     = 20
    min_size     = 3
  }
}

resource "aws_kinesis_stream" "k" {
  name             = "k"
  shard_count      = 10
  retention_period = 168
}

resource "aws_sqs_queue" "q" {
  name                      = "q"
  message_retention_seconds = 1209600
}

resource "aws_ecr_repository" "r" {
  name = "r"
}

resource "aws_cloudtrail" "c" {
  name                  = "trail"
  s3_bucket_name        = "trail-0a1b2c"
  is_multi_region_trail = true
}

resource "aws_guardduty_detector" "d" {
  enable = true
}

resource "aws_elasticache_replication_group" "e" {
  replication_group_id       = "e"
  description                = "e"
  node_type                  = "cache.m6g.large"
  num_cache_clusters         = 4
  automatic_failover_enabled = true
  snapshot_retention_limit   = 7
  final_snapshot_identifier  = "e-last"
}

resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "daily"
    target_vault_name = "vault"
    schedule          = "cron(0 5 ? * * *)"
    lifecycle {
      delete_after = 35
    }
  }
  rule {
    rule_name         = "monthly"
    target_vault_name = "vault"
    schedule          = "cron(0 5 1 * ? *)"
  }
}

resource "aws_efs_file_system" "f" {
  encrypted = true
}

resource "aws_route53_zone" "z" {
  name = "example.org"
}

resource "aws_eip" "a" {
  domain = "vpc"
}

resource "aws_iam_user" "shifted" {
  count = 4
  name  = ["ann", "bob", "cid", "dan"][count.index]
}

resource "aws_iam_role" "keyed" {
  for_each           = toset(["reader", "writer"])
  name               = "app-${each.key}"
  path               = "/app/"
  description        = "of the app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_sqs_queue" "renamed" {
  name = "renamed"
}

module "gone" {
  source = "./gone"
}
