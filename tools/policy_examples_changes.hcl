# As policy_examples.hcl: how to mend what a change takes away, and what is open.

#: destructive/backup-retention-reduced
resource "aws_db_instance" "example" {
  # ...
  backup_retention_period = 35 # as it was
}

#: destructive/retention-reduced
resource "aws_cloudwatch_log_group" "example" {
  # ...
  retention_in_days = 365 # as it was
}

#: destructive/engine-downgraded destructive/engine-major-upgrade
resource "aws_db_instance" "example" {
  # ...
  engine_version = "16.4" # as it was; a copy restored from a snapshot is where another version is tried
}

#: destructive/capacity-collapsed
resource "aws_autoscaling_group" "example" {
  # ...
  min_size = 8 # from 10, and the next step in a change of its own
  max_size = 20
}

#: destructive/nested-block-removed destructive/protected-block-removed
resource "aws_s3_bucket_lifecycle_configuration" "example" {
  bucket = aws_s3_bucket.example.id

  rule { # leave the rule in, and switch it off in a change of its own
    id     = "keep-a-year"
    status = "Disabled"

    filter {}

    expiration {
      days = 365
    }
  }
}

#: destructive/own-access-removed
resource "aws_iam_role_policy_attachment" "example" {
  # the new access beside the old one, which goes in a later change
  role       = "deploy"
  policy_arn = "arn:aws:iam::111122223333:policy/deploy-2"
}

#: destructive/key-policy-lock-out
data "aws_iam_policy_document" "example" {
  statement {
    sid       = "TheAccountManagesTheKey"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

#: destructive/not-in-a-backup-plan
resource "aws_backup_selection" "example" {
  # ...
  resources = [aws_efs_file_system.example.arn]
}

#: exposure/aws-search-outside-vpc
resource "aws_opensearch_domain" "example" {
  # ...
  vpc_options {
    subnet_ids         = ["subnet-0123456789abcdef0"]
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}

#: exposure/aws-eks-nodes-ssh-open-to-world
resource "aws_eks_node_group" "example" {
  # ...
  remote_access {
    ec2_ssh_key               = "operators"
    source_security_group_ids = ["sg-0123456789abcdef0"]
  }
}

#: exposure/aws-prefix-list-open-to-world
resource "aws_ec2_managed_prefix_list" "example" {
  # ...
  entry {
    cidr        = "10.20.0.0/16"
    description = "offices"
  }
}

#: exposure/aws-snapshot-public
resource "aws_ami_launch_permission" "example" {
  # ...
  account_id = "111122223333"
}

#: exposure/aws-ssm-document-public
resource "aws_ssm_document" "example" {
  # ...
  permissions = {
    type        = "Share"
    account_ids = "111122223333"
  }
}

#: exposure/aws-s3-acl-*
resource "aws_s3_bucket_acl" "example" {
  bucket = aws_s3_bucket.example.id
  acl    = "private"
}

#: exposure/azure-search-open-to-world
resource "azurerm_search_service" "example" {
  # ...
  allowed_ips = ["198.51.100.10"]
}

#: exposure/azure-cosmosdb-open-to-world
resource "azurerm_cosmosdb_account" "example" {
  # ...
  ip_range_filter = ["198.51.100.10"] # one text, with commas, before azurerm 4
}

#: exposure/google-gke-api-not-narrowed
resource "google_container_cluster" "example" {
  # ...
  master_authorized_networks_config {
    cidr_blocks {
      cidr_block = "198.51.100.0/24"
    }
  }
}

#: exposure/aws-role-trusts-*
data "aws_iam_policy_document" "example" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/deploy"]
    }
  }
}

#: exposure/aws-default-security-group-in-use
resource "aws_default_security_group" "example" {
  vpc_id = aws_vpc.example.id # no ingress, no egress
}

#: destructive/key-swapped
resource "aws_sqs_queue" "example" {
  # ...
  kms_master_key_id = aws_kms_key.example.arn # the old key stays until nothing is encrypted with it
}

#: encryption/aws-ebs-default-encryption-removed
# To let go of it without switching the encryption off:
removed {
  from = aws_ebs_encryption_by_default.example

  lifecycle {
    destroy = false
  }
}
