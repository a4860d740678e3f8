# Buckets with what belongs to them: ACL, ownership, the public access blocks of bucket and account.

module "shop" {
  source = "./shop"
  public = true
  ranges = [var.everybody]
}

# expect fail: aws-s3-public-access-block-missing
# expect pass: aws-s3-bucket-public-read, aws-s3-bucket-public-write, aws-s3-acl-readable-by-all
resource "aws_s3_bucket" "bare" {}

# expect pass: aws-s3-public-access-block-missing, aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket" "blocked" {}

# expect pass: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked
# expect pass: aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "blocked" {
  bucket                  = aws_s3_bucket.blocked.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A public ACL has no effect there; the ACL itself is judged with its bucket.
# expect pass: aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket_acl" "blocked" {
  bucket = aws_s3_bucket.blocked.id
  acl    = "public-read-write"
}

# Nor has a public policy.
# expect pass: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "blocked" {
  bucket = aws_s3_bucket.blocked.id
  policy = local.open_policy
}

locals {
  open_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
}

# The block leaves what is there already as it is.
# expect fail: aws-s3-bucket-public-read, aws-s3-bucket-public-write
# expect pass: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "half" {}

# expect fail: aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
# expect pass: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked
resource "aws_s3_bucket_public_access_block" "half" {
  bucket              = aws_s3_bucket.half.bucket
  block_public_acls   = true
  block_public_policy = true
}

# expect pass: aws-s3-bucket-public-read
resource "aws_s3_bucket_acl" "half" {
  bucket = aws_s3_bucket.half.id
  acl    = "public-read-write"
}

# expect fail: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "half" {
  bucket = aws_s3_bucket.half.id
  policy = local.open_policy
}

# expect fail: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "turned_off" {}

# expect fail: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked
# expect fail: aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "turned_off" {
  bucket                  = aws_s3_bucket.turned_off.id
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

# Where the owner owns every object, ACLs are not looked at.
# expect fail: aws-s3-public-access-block-missing
# expect pass: aws-s3-bucket-public-read
resource "aws_s3_bucket" "owned" {}

# expect pass: aws-s3-acls-in-use
resource "aws_s3_bucket_ownership_controls" "owned" {
  bucket = aws_s3_bucket.owned.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_acl" "owned" {
  bucket = aws_s3_bucket.owned.id
  acl    = "public-read"
}

# expect fail: aws-s3-public-access-block-missing, aws-s3-bucket-public-read
# expect pass: aws-s3-bucket-public-write
resource "aws_s3_bucket" "preferred" {}

# expect fail: aws-s3-acls-in-use
resource "aws_s3_bucket_ownership_controls" "preferred" {
  bucket = aws_s3_bucket.preferred.id
  rule { object_ownership = "BucketOwnerPreferred" }
}

# expect fail: aws-s3-acl-readable-by-all, aws-s3-acl-authenticated-users
resource "aws_s3_bucket_acl" "preferred" {
  bucket = aws_s3_bucket.preferred.id
  access_control_policy {
    owner { id = "0a1b2c" }
    grant {
      permission = "READ_ACP"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
    grant {
      permission = "READ"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
      }
    }
  }
}

# Logs are delivered by a group too, one that is not everybody.
# expect fail: aws-s3-public-access-block-missing
# expect pass: aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket" "logs" {}

# expect pass: aws-s3-acl-readable-by-all, aws-s3-acl-authenticated-users
resource "aws_s3_bucket_acl" "logs" {
  bucket = aws_s3_bucket.logs.id
  access_control_policy {
    owner { id = "0a1b2c" }
    grant {
      permission = "FULL_CONTROL"
      grantee {
        type = "CanonicalUser"
        id   = "0a1b2c"
      }
    }
    grant {
      permission = "WRITE"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
    }
  }
}

# The ACL in the bucket itself, as before version 4 of the provider.
# expect fail: aws-s3-public-access-block-missing, aws-s3-bucket-public-read
resource "aws_s3_bucket" "old_acl" { acl = "public-read" }

# expect fail: aws-s3-public-access-block-missing, aws-s3-bucket-public-write
# expect pass: aws-s3-bucket-public-read
resource "aws_s3_bucket" "old_grant" {
  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["WRITE"]
  }
}

# expect fail: aws-s3-public-access-block-missing, aws-s3-acl-readable-by-all
# expect fail: aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket" "old_grant_of_all" {
  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["FULL_CONTROL"]
  }
}

# expect fail: aws-s3-public-access-block-missing, aws-s3-bucket-policy-public
resource "aws_s3_bucket" "old_policy" { policy = local.open_policy }

# One of the two buckets is kept from the public, by for_each over the buckets.
# expect fail["a"]: aws-s3-public-access-block-missing, aws-s3-bucket-public-read
# expect pass["b"]: aws-s3-public-access-block-missing, aws-s3-bucket-public-read
resource "aws_s3_bucket" "each" {
  for_each      = toset(["a", "b"])
  bucket_prefix = each.key
}

# expect fail["a"]: aws-s3-acl-authenticated-users
# expect fail["b"]: aws-s3-acl-authenticated-users
resource "aws_s3_bucket_acl" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  acl      = "authenticated-read"
}

# expect fail["a"]: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked, aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
# expect pass["b"]: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked, aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "each" {
  for_each                = aws_s3_bucket.each
  bucket                  = each.value.id
  block_public_acls       = each.key == "b"
  block_public_policy     = each.key == "b"
  ignore_public_acls      = each.key == "b"
  restrict_public_buckets = each.key == "b"
}

# The bucket of a module, by its output.
# expect pass: aws-s3-public-acls-not-blocked, aws-s3-public-policy-not-blocked
# expect fail: aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "shop" {
  bucket              = module.shop.bucket
  block_public_acls   = true
  block_public_policy = true
}

# A bucket that no plan knows.
# expect fail: aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket_acl" "elsewhere" {
  bucket = "somebody-elses"
  acl    = "public-read-write"
}

# expect fail: aws-s3-acl-authenticated-users, aws-s3-bucket-public-read
resource "aws_s3_bucket_acl" "elsewhere_too" {
  bucket = "somebody-elses-second"
  acl    = "authenticated-read"
}

# expect pass: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "elsewhere" {
  bucket = "somebody-elses-third"
  policy = local.open_policy
}

# expect pass: aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "elsewhere" {
  bucket                  = "somebody-elses-third"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# In an account that blocks it all, nothing of this has an effect.
resource "aws_s3_account_public_access_block" "guarded" {
  provider                = aws.guarded
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# expect pass: aws-s3-public-access-block-missing, aws-s3-bucket-public-read, aws-s3-bucket-public-write
resource "aws_s3_bucket" "guarded" {
  provider = aws.guarded
}

resource "aws_s3_bucket_acl" "guarded" {
  provider = aws.guarded
  bucket   = aws_s3_bucket.guarded.id
  acl      = "public-read-write"
}

# expect pass: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "guarded" {
  provider = aws.guarded
  bucket   = aws_s3_bucket.guarded.id
  policy   = local.open_policy
}

# Its block is everywhere.
# expect pass: aws-s3-public-access-block-missing, aws-s3-bucket-public-read
resource "aws_s3_bucket" "guarded_elsewhere" {
  provider = aws.guarded_elsewhere
}

resource "aws_s3_bucket_acl" "guarded_elsewhere" {
  provider = aws.guarded_elsewhere
  bucket   = aws_s3_bucket.guarded_elsewhere.id
  acl      = "public-read"
}

# expect fail: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "bare_elsewhere" {
  provider = aws.elsewhere
}
