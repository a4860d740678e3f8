# A small, well-made estate: everything is encrypted at rest and in transit, nothing is open to the
# world, every taggable resource has an owner and a cost centre. Its plan only creates.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# Mock credentials: planning a new estate asks AWS nothing, so the plan can be made offline.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  default_tags {
    tags = {
      Owner      = "team-orders"
      CostCenter = "4711"
    }
  }
}

locals {
  documents = "example-orders-documents"
}

resource "aws_kms_key" "orders" {
  description             = "Orders: documents, files and database"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

# A bucket, and the parts of it that Terraform keeps in resources of their own.

resource "aws_s3_bucket" "documents" {
  bucket = local.documents
}

resource "aws_s3_bucket_server_side_encryption_configuration" "documents" {
  bucket = aws_s3_bucket.documents.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.orders.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "documents" {
  bucket                  = aws_s3_bucket.documents.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "documents" {
  bucket = aws_s3_bucket.documents.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "documents" {
  bucket = aws_s3_bucket.documents.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyEncryptedTransport"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::${local.documents}", "arn:aws:s3:::${local.documents}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_efs_file_system" "shared" {
  encrypted  = true
  kms_key_id = aws_kms_key.orders.arn
}

resource "aws_db_parameter_group" "orders" {
  name   = "orders-postgres16"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "orders" {
  identifier                      = "orders"
  engine                          = "postgres"
  engine_version                  = "16.6"
  instance_class                  = "db.t4g.medium"
  allocated_storage               = 100
  db_name                         = "orders"
  username                        = "orders_admin"
  manage_master_user_password     = true
  parameter_group_name            = aws_db_parameter_group.orders.name
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.orders.arn
  multi_az                        = true
  publicly_accessible             = false
  deletion_protection             = true
  backup_retention_period         = 14
  copy_tags_to_snapshot           = true
  skip_final_snapshot             = false
  final_snapshot_identifier       = "orders-final"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

# Plain HTTP only redirects; HTTPS wants TLS 1.2 at least.

resource "aws_security_group" "web" {
  name        = "orders-web"
  description = "Orders web front"
  vpc_id      = "vpc-0a1b2c3d4e5f60718"

  ingress {
    description = "HTTPS from the company network"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_lb" "web" {
  name                       = "orders-web"
  internal                   = true
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.web.id]
  subnets                    = ["subnet-0a1b2c3d4e5f60718", "subnet-0b2c3d4e5f6071829"]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
}

resource "aws_lb_target_group" "web" {
  name     = "orders-web"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0a1b2c3d4e5f60718"
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
