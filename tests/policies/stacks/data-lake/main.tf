# A data lake: buckets by for_each, Glue, Athena, Firehose, Lake Formation.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { Owner = "platform", Environment = "production" }
  }
}

variable "zones" {
  type    = set(string)
  default = ["raw", "curated", "results"]
}

variable "account_id" {
  type    = string
  default = "123456789012"
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "lake" {
  description         = "data lake"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "lake" {
  name          = "alias/lake"
  target_key_id = aws_kms_key.lake.key_id
}

resource "aws_s3_bucket" "zone" {
  for_each      = var.zones
  bucket_prefix = "lake-${each.key}-"
}

resource "aws_s3_bucket_public_access_block" "zone" {
  for_each                = var.zones
  bucket                  = aws_s3_bucket.zone[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "zone" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "zone" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.lake.arn
    }
  }
}

data "aws_iam_policy_document" "tls" {
  for_each = aws_s3_bucket.zone
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]
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

resource "aws_s3_bucket_policy" "tls" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.tls[each.key].json
}

data "aws_iam_policy_document" "assume" {
  for_each = toset(["glue.amazonaws.com", "firehose.amazonaws.com"])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "glue" {
  name               = "lake-glue"
  assume_role_policy = data.aws_iam_policy_document.assume["glue.amazonaws.com"].json
}

resource "aws_iam_role" "firehose" {
  name               = "lake-firehose"
  assume_role_policy = data.aws_iam_policy_document.assume["firehose.amazonaws.com"].json
}

data "aws_iam_policy_document" "lake" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for bucket in aws_s3_bucket.zone : "${bucket.arn}/*"]
  }
  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.lake.arn]
  }
}

resource "aws_iam_role_policy" "glue" {
  role   = aws_iam_role.glue.id
  policy = data.aws_iam_policy_document.lake.json
}

resource "aws_iam_role_policy" "firehose" {
  role   = aws_iam_role.firehose.id
  policy = data.aws_iam_policy_document.lake.json
}

resource "aws_glue_catalog_database" "lake" {
  name = "lake"
}

resource "aws_glue_security_configuration" "lake" {
  name = "lake"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.lake.arn
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.lake.arn
    }
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.lake.arn
    }
  }
}

resource "aws_glue_crawler" "raw" {
  name                   = "raw"
  database_name          = aws_glue_catalog_database.lake.name
  role                   = aws_iam_role.glue.arn
  security_configuration = aws_glue_security_configuration.lake.name
  s3_target {
    path = "s3://${aws_s3_bucket.zone["raw"].bucket}"
  }
}

resource "aws_glue_job" "curate" {
  name                   = "curate"
  role_arn               = aws_iam_role.glue.arn
  glue_version           = "4.0"
  security_configuration = aws_glue_security_configuration.lake.name
  command {
    script_location = "s3://${aws_s3_bucket.zone["raw"].bucket}/jobs/curate.py"
  }
}

resource "aws_athena_workgroup" "lake" {
  name = "lake"
  configuration {
    enforce_workgroup_configuration = true
    result_configuration {
      output_location = "s3://${aws_s3_bucket.zone["results"].bucket}/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.lake.arn
      }
    }
  }
}

resource "aws_kinesis_stream" "events" {
  name            = "events"
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.lake.arn
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "events" {
  name        = "events"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.events.arn
    role_arn           = aws_iam_role.firehose.arn
  }
  extended_s3_configuration {
    role_arn    = aws_iam_role.firehose.arn
    bucket_arn  = aws_s3_bucket.zone["raw"].arn
    kms_key_arn = aws_kms_key.lake.arn
  }
}
