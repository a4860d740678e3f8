# How to mend what no single attribute mends: for the pages of the policies named above each part.
# A line that begins with "#:" begins a part and names policies by glob.

#: exposure/aws-ssh-* exposure/aws-rdp-* exposure/aws-http-* exposure/aws-all-ports-* exposure/aws-service-* exposure/aws-port-*
resource "aws_vpc_security_group_ingress_rule" "example" {
  # ...
  cidr_ipv4 = "10.20.0.0/16" # or referenced_security_group_id, or prefix_list_id
}

#: exposure/aws-egress-*
resource "aws_vpc_security_group_egress_rule" "example" {
  # ...
  ip_protocol    = "tcp"
  from_port      = 443
  to_port        = 443
  prefix_list_id = "pl-0123456789abcdef0"
}

#: exposure/aws-nacl-*
resource "aws_network_acl_rule" "example" {
  # ...
  rule_action = "allow"
  cidr_block  = "10.20.0.0/16"
}

#: exposure/azure-ssh-* exposure/azure-rdp-* exposure/azure-http-* exposure/azure-udp-* exposure/azure-all-ports-* exposure/azure-service-*
resource "azurerm_network_security_rule" "example" {
  # ...
  source_address_prefix = "10.20.0.0/16"
}

#: exposure/azure-database-open-to-*
resource "azurerm_mssql_firewall_rule" "example" {
  # ...
  start_ip_address = "198.51.100.10"
  end_ip_address   = "198.51.100.20"
}

#: exposure/google-*-open-to-world
resource "google_compute_firewall" "example" {
  # ...
  source_ranges = ["35.235.240.0/20"] # Identity-Aware Proxy
}

#: exposure/aws-s3-public-access-block-missing exposure/aws-s3-bucket-public-*
resource "aws_s3_bucket_public_access_block" "example" {
  bucket                  = aws_s3_bucket.example.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

#: exposure/aws-*-policy-public exposure/aws-topic-public exposure/aws-secret-public exposure/aws-registry-public exposure/aws-queue-* exposure/aws-key-public exposure/aws-glacier-vault-public
data "aws_iam_policy_document" "example" {
  statement {
    # ...
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/reader"]
    }
  }
}

#: exposure/aws-function-public exposure/aws-function-any-source exposure/aws-function-source-without-account
resource "aws_lambda_permission" "example" {
  # ...
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.example.arn
  source_account = "111122223333"
}

#: exposure/aws-role-trusts-any-repository
data "aws_iam_policy_document" "example" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.example.arn]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:ORGANIZATION/REPOSITORY:*"]
    }
  }
}

#: exposure/aws-iam-*
data "aws_iam_policy_document" "example" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::example/*"]
  }
}

#: exposure/google-*-public
resource "google_storage_bucket_iam_member" "example" {
  # ...
  member = "group:readers@example.com" # not allUsers, not allAuthenticatedUsers
}

#: encryption/aws-rds-tls-optional
resource "aws_db_parameter_group" "example" {
  # ...
  parameter {
    name  = "rds.force_ssl" # PostgreSQL; require_secure_transport for MySQL and MariaDB
    value = "1"
  }
}

#: encryption/aws-docdb-cleartext
resource "aws_docdb_cluster_parameter_group" "example" {
  # ...
  parameter {
    name  = "tls"
    value = "enabled"
  }
}

#: encryption/aws-neptune-cleartext
resource "aws_neptune_cluster_parameter_group" "example" {
  # ...
  parameter {
    name  = "neptune_enforce_ssl"
    value = "1"
  }
}

#: encryption/aws-cloudfront-cleartext
resource "aws_cloudfront_distribution" "example" {
  # ...
  default_cache_behavior {
    # ...
    viewer_protocol_policy = "redirect-to-https"
  }
}

#: encryption/aws-glue-without-security-configuration encryption/aws-glue-security-configuration-unencrypted
resource "aws_glue_security_configuration" "example" {
  name = "example"

  encryption_configuration {
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.example.arn
    }

    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.example.arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.example.arn
    }
  }
}

#: encryption/aws-redshift-tls-optional
resource "aws_redshift_parameter_group" "example" {
  # ...
  parameter {
    name  = "require_ssl"
    value = "true"
  }
}

#: encryption/aws-lb-listener-cleartext encryption/aws-lb-listener-old-tls
resource "aws_lb_listener" "https" {
  # ...
  port            = 443
  protocol        = "HTTPS"
  ssl_policy      = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn = aws_acm_certificate.example.arn
}

resource "aws_lb_listener" "http" {
  # ...
  port     = 80
  protocol = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

#: encryption/aws-s3-bucket-without-customer-key encryption/aws-s3-bucket-kms-removed
resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
  bucket = aws_s3_bucket.example.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.example.arn
    }
  }
}

#: encryption/aws-s3-bucket-cleartext
data "aws_iam_policy_document" "example" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

#: tagging/missing-* tagging/forbidden-* tagging/misspelt-* tagging/wrong-* tagging/tag-policy-* tagging/tags-over-*
provider "aws" {
  default_tags {
    tags = {
      Owner      = "team@example.com"
      CostCenter = "1234"
    }
  }
}

#: tagging/autoscaling-group-untagged
resource "aws_autoscaling_group" "example" {
  # ...
  tag {
    key                 = "Owner"
    value               = "team@example.com"
    propagate_at_launch = true
  }
}

#: destructive/stateful-delete destructive/stateful-forgotten destructive/guard-deleted destructive/too-many-destroyed destructive/module-removed destructive/everything-destroyed destructive/weight-destroyed
# To let go of it without deleting it:
removed {
  from = aws_db_instance.example

  lifecycle {
    destroy = false
  }
}

#: destructive/stateful-replace destructive/delete-will-fail
resource "aws_db_instance" "example" {
  # ...
  lifecycle {
    prevent_destroy = true # a plan that would replace or delete it ends with an error
  }
}

#: destructive/index-* destructive/moved-*
moved {
  from = aws_instance.web[1]
  to   = aws_instance.web["b"]
}

#: destructive/s3-versioning-off destructive/versioning-suspended
resource "aws_s3_bucket_versioning" "example" {
  bucket = aws_s3_bucket.example.id

  versioning_configuration {
    status = "Enabled"
  }
}

#: destructive/service-disabled
resource "aws_cloudwatch_event_rule" "example" {
  # ...
  state = "ENABLED"
}

#: exposure/aws-eks-endpoint-open-to-world
resource "aws_eks_cluster" "example" {
  # ...
  vpc_config {
    # ...
    endpoint_private_access = true
    endpoint_public_access  = false # or public_access_cidrs = ["198.51.100.0/24"]
  }
}

#: exposure/aws-api-method-without-auth
resource "aws_api_gateway_method" "example" {
  # ...
  authorization = "AWS_IAM" # or CUSTOM, COGNITO_USER_POOLS with authorizer_id; or api_key_required = true
}
