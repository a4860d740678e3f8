# A change that should not go through: what the estate had before is in prior.tfstate.json, and
# this is what somebody wants it to be. Each comment says what a reviewer ought to notice.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# Mock credentials: with -refresh=false the plan asks AWS nothing, so it can be made offline.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

# Updated in place, and harmless to look at: the next plan may delete the database with its backups.
resource "aws_db_instance" "orders" {
  identifier                  = "orders"
  engine                      = "postgres"
  engine_version              = "16.6"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 100
  username                    = "orders_admin"
  manage_master_user_password = true
  storage_encrypted           = true
  deletion_protection         = false # was true
  backup_retention_period     = 0     # was 14
  skip_final_snapshot         = true  # was false
}

# Switching encryption off replaces the database: the data is gone, and what comes after is in clear.
resource "aws_db_instance" "ledger" {
  identifier                  = "ledger"
  engine                      = "postgres"
  engine_version              = "16.6"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 50
  username                    = "ledger_admin"
  manage_master_user_password = true
  storage_encrypted           = false # was true
  backup_retention_period     = 7
  skip_final_snapshot         = true
}

# Renaming a bucket replaces it, and force_destroy (already applied) empties it first.
resource "aws_s3_bucket" "audit" {
  bucket        = "example-audit-trail-2" # was example-audit-trail
  force_destroy = true
}

# aws_efs_file_system.archive is in the state but no longer here: it is deleted.

# EFS is not encrypted unless it is told to be; the plan shows the forgotten argument as unknown.
resource "aws_efs_file_system" "shared" {
  creation_token = "shared"
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-central-1a"
  size              = 50
  encrypted         = false
}

# A bucket like any other: nothing stops it, S3 encrypts what is put into it.
resource "aws_s3_bucket" "uploads" {
  bucket = "example-uploads"
}

# Passwords over plain HTTP, and HTTPS that still speaks TLS 1.0.

resource "aws_lb_listener" "http" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web/0a1b2c3d4e5f6071"
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web/0a1b2c3d4e5f6071"
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web/0a1b2c3d4e5f6071"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS-1-0-2015-04"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web/0a1b2c3d4e5f6071"
  }
}
