# What is to become of before.tf. `before`: open as it was before, `existing`: not touched by the plan.

# -- security groups

# expect fail: aws-ssh-open-to-world
# expect pass: aws-rdp-open-to-world
resource "aws_security_group" "gets_ssh" {
  name = "gets-ssh"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# Another text and a tag open nothing.
# expect before: aws-ssh-open-to-world
resource "aws_security_group" "has_ssh" {
  name = "has-ssh"
  tags = { Team = "a" }
  ingress {
    description = "for the office"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect existing: aws-ssh-open-to-world
resource "aws_security_group" "has_ssh_untouched" {
  name = "has-ssh-untouched"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect fail: aws-ssh-open-to-world
resource "aws_security_group" "gets_ipv6" {
  name = "gets-ipv6"
  ingress {
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

# expect fail: aws-rdp-open-to-world
resource "aws_security_group" "opened" {
  name = "opened"
  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }
}

# expect pass: aws-rdp-open-to-world
resource "aws_security_group" "closed" {
  name = "closed"
  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

# SSH was open; FTP, Telnet and SMTP are new.
# expect before: aws-ssh-open-to-world
# expect fail: aws-service-open-to-world
resource "aws_security_group" "widened" {
  name = "widened"
  ingress {
    from_port   = 20
    to_port     = 25
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# Of what was open all the time a part stays: less is open, nothing is new.
# expect before: aws-ssh-open-to-world
# expect pass: aws-all-ports-open-to-world, aws-rdp-open-to-world
resource "aws_security_group" "narrowed" {
  name = "narrowed"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect before: aws-egress-open-to-world
resource "aws_security_group" "sends" {
  name = "sends"
  tags = { Team = "a" }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect fail: aws-egress-open-to-world
resource "aws_security_group" "gets_sending" {
  name = "gets-sending"
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect before: aws-service-open-to-world, aws-port-open-to-world
resource "aws_security_group" "databases" {
  name = "databases"
  tags = { Team = "a" }
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect before: aws-http-open-to-world
resource "aws_security_group" "web" {
  name = "web"
  tags = { Team = "a" }
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect before: aws-all-ports-open-to-world, aws-ssh-open-to-world, aws-rdp-open-to-world, aws-http-open-to-world
resource "aws_security_group" "all" {
  name = "all"
  tags = { Team = "a" }
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect fail: aws-port-open-to-world
resource "aws_security_group" "gets_port" {
  name = "gets-port"
  ingress {
    from_port   = 8080
    to_port     = 8081
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "split" { name = "split" }

# A rule that comes is a way in that comes.
# expect fail: aws-ssh-open-to-world
resource "aws_vpc_security_group_ingress_rule" "comes" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}

# expect fail: aws-rdp-open-to-world
# expect pass: aws-ssh-open-to-world
resource "aws_security_group_rule" "moves_port" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  from_port         = 3389
  to_port           = 3389
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

# expect before: aws-ssh-open-to-world
resource "aws_security_group_rule" "described" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  description       = "for the office"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

# expect fail: aws-ssh-open-to-world
resource "aws_security_group_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

# expect before: aws-service-open-to-world
resource "aws_vpc_security_group_ingress_rule" "described" {
  security_group_id = "sg-0a1b2c3d"
  description       = "for the office"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_ipv4         = "0.0.0.0/0"
}

# expect fail: aws-service-open-to-world
resource "aws_vpc_security_group_ingress_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_ipv4         = "0.0.0.0/0"
}

# expect fail: aws-all-ports-open-to-world, aws-ssh-open-to-world, aws-rdp-open-to-world, aws-http-open-to-world
resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}

# expect fail: aws-egress-open-to-world
resource "aws_vpc_security_group_egress_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# -- network ACLs

# expect fail: aws-nacl-ssh-open-to-world
# expect before: aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world
resource "aws_network_acl" "denial_goes" {
  vpc_id = "vpc-0a1b2c3d"
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "tcp"
    from_port  = 20
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}

# expect pass: aws-nacl-rdp-open-to-world
resource "aws_network_acl" "denial_comes" {
  vpc_id = "vpc-0a1b2c3d"
  ingress {
    rule_no    = 1
    action     = "deny"
    protocol   = "tcp"
    from_port  = 3389
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "tcp"
    from_port  = 3389
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
}

# expect before: aws-nacl-all-ports-open-to-world, aws-nacl-ssh-open-to-world, aws-nacl-rdp-open-to-world
# expect before: aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world
resource "aws_network_acl" "everything" {
  vpc_id = "vpc-0a1b2c3d"
  tags   = { Team = "a" }
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

# expect fail: aws-nacl-all-ports-open-to-world, aws-nacl-ssh-open-to-world, aws-nacl-rdp-open-to-world
# expect fail: aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world
resource "aws_network_acl" "gets_everything" {
  vpc_id = "vpc-0a1b2c3d"
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

# expect before: aws-nacl-rdp-open-to-world
resource "aws_network_acl" "tagged" {
  vpc_id = "vpc-0a1b2c3d"
  tags   = { Team = "a" }
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "tcp"
    from_port  = 3389
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
}

# -- attributes

# expect fail: aws-database-public
resource "aws_db_instance" "opened" {
  identifier                  = "opened"
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = true
}

# expect before: aws-database-public
resource "aws_db_instance" "was_open" {
  identifier                  = "was-open"
  instance_class              = "db.t3.large"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = true
}

# expect pass: aws-database-public
resource "aws_db_instance" "closed" {
  identifier                  = "closed"
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = false
}

# expect fail: aws-function-url-without-auth
resource "aws_lambda_function_url" "opened" {
  function_name      = "opened"
  authorization_type = "NONE"
}

# expect before: aws-function-url-without-auth
resource "aws_lambda_function_url" "was_open" {
  function_name      = "was-open"
  authorization_type = "NONE"
  invoke_mode        = "RESPONSE_STREAM"
}

# expect fail: aws-eks-endpoint-open-to-world
# expect before: aws-eks-endpoint-public
resource "aws_eks_cluster" "gets_ipv6" {
  name     = "gets-ipv6"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = ["0.0.0.0/0", "::/0"]
  }
}

# expect before: aws-eks-endpoint-open-to-world, aws-eks-endpoint-public
resource "aws_eks_cluster" "was_open" {
  name                      = "was-open"
  role_arn                  = "arn:aws:iam::111122223333:role/eks"
  enabled_cluster_log_types = ["api"]
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = ["0.0.0.0/0"]
  }
}

# expect fail: aws-imds-v1
resource "aws_instance" "falls_back" {
  ami           = "ami-0a1b2c3d"
  instance_type = "t3.micro"
  metadata_options { http_tokens = "optional" }
}

# expect before: aws-imds-v1
resource "aws_instance" "was_v1" {
  ami           = "ami-0a1b2c3d"
  instance_type = "t3.large"
  metadata_options { http_tokens = "optional" }
}

# -- buckets

# The block goes away with this plan, the bucket itself stays as it is.
# expect fail: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "loses_block" { bucket = "loses-block" }

# expect fail: aws-s3-bucket-public-read
resource "aws_s3_bucket" "block_opened" { bucket = "block-opened" }
# expect fail: aws-s3-public-acls-not-ignored
resource "aws_s3_bucket_public_access_block" "block_opened" {
  bucket                  = aws_s3_bucket.block_opened.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false
  restrict_public_buckets = true
}
resource "aws_s3_bucket_acl" "block_opened" {
  bucket = aws_s3_bucket.block_opened.id
  acl    = "public-read"
}

# expect before: aws-s3-bucket-public-read
resource "aws_s3_bucket" "was_public" {
  bucket = "was-public"
  tags   = { Team = "a" }
}
# expect existing: aws-s3-public-acls-not-ignored, aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "was_public" {
  bucket                  = aws_s3_bucket.was_public.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false
  restrict_public_buckets = false
}
resource "aws_s3_bucket_acl" "was_public" {
  bucket = aws_s3_bucket.was_public.id
  acl    = "public-read"
}
# expect before: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "was_public" {
  bucket = aws_s3_bucket.was_public.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "read", Effect = "Allow", Principal = { AWS = "*" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::was-public/*" }]
  })
}

# expect before: aws-s3-bucket-public-read
# expect fail: aws-s3-bucket-public-write
# expect existing: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "gets_write" { bucket = "gets-write" }
resource "aws_s3_bucket_acl" "gets_write" {
  bucket = aws_s3_bucket.gets_write.id
  acl    = "public-read-write"
}

# expect pass: aws-s3-bucket-public-read
# expect existing: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "closed" { bucket = "closed" }
resource "aws_s3_bucket_acl" "closed" {
  bucket = aws_s3_bucket.closed.id
  acl    = "private"
}

# What the account let nobody do, an old ACL now may.
# expect fail: aws-s3-public-acls-not-ignored
resource "aws_s3_account_public_access_block" "guarded" {
  provider                = aws.guarded
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false
  restrict_public_buckets = true
}
# expect fail: aws-s3-bucket-public-read
resource "aws_s3_bucket" "in_account" {
  provider = aws.guarded
  bucket   = "in-account"
}
resource "aws_s3_bucket_acl" "in_account" {
  provider = aws.guarded
  bucket   = aws_s3_bucket.in_account.id
  acl      = "public-read"
}

resource "aws_s3_bucket" "policy_freed" { bucket = "policy-freed" }
# expect fail: aws-s3-public-policy-not-restricted
resource "aws_s3_bucket_public_access_block" "policy_freed" {
  bucket                  = aws_s3_bucket.policy_freed.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}
# Nobody changes the policy; what kept it from having an effect goes.
# expect fail: aws-s3-bucket-policy-public
resource "aws_s3_bucket_policy" "policy_freed" {
  bucket = aws_s3_bucket.policy_freed.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::policy-freed/*" }]
  })
}

# expect before: aws-s3-bucket-public-read, aws-s3-bucket-public-write
# expect fail: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "was_writable" {
  bucket = "was-writable"
  tags   = { Team = "a" }
}
resource "aws_s3_bucket_acl" "was_writable" {
  bucket = aws_s3_bucket.was_writable.id
  acl    = "public-read-write"
}

# expect before: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "was_half" {
  bucket = "was-half"
  tags   = { Team = "a" }
}
# expect existing: aws-s3-public-acls-not-blocked
resource "aws_s3_bucket_public_access_block" "was_half" {
  bucket                  = aws_s3_bucket.was_half.id
  block_public_acls       = false
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# expect fail: aws-s3-acl-readable-by-all, aws-s3-bucket-public-read
resource "aws_s3_bucket_acl" "gets-readable" {
  bucket = "gets-readable"
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
      permission = "READ_ACP"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
  }
}

# expect before: aws-s3-acl-readable-by-all, aws-s3-bucket-public-read
resource "aws_s3_bucket_acl" "was-readable" {
  bucket = "was-readable"
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
      permission = "READ_ACP"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
    grant {
      permission = "READ_ACP"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
    }
  }
}

# -- documents

# expect fail: aws-queue-public
resource "aws_sqs_queue" "opened" {
  name = "opened"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

# expect fail: aws-queue-public
resource "aws_sqs_queue" "may_more" {
  name = "may-more"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }]
  })
}

# expect before: aws-queue-public
resource "aws_sqs_queue" "may_less" {
  name = "may-less"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "SQS:SendMessage", Resource = "*" }]
  })
}

# expect before: aws-queue-public
resource "aws_sqs_queue" "was_open" {
  name                       = "was-open"
  visibility_timeout_seconds = 60
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

# expect fail: aws-topic-public
resource "aws_sns_topic" "loses_condition" {
  name = "loses-condition"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}

# expect fail: aws-role-trusts-everybody
resource "aws_iam_role" "opened" {
  name = "opened"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}

# expect before: aws-iam-policy-allows-all, aws-iam-policy-allows-all-actions
resource "aws_iam_policy" "was_everything" {
  name   = "was-everything"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "All", Effect = "Allow", Action = "*", Resource = "*" }] })
}

# expect fail: aws-iam-policy-allows-all
# expect before: aws-iam-policy-allows-all-actions
resource "aws_iam_policy" "gets_everything" {
  name   = "gets-everything"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

# expect fail: aws-iam-policy-allows-all-actions
resource "aws_iam_policy" "gets_every_action" {
  name   = "gets-every-action"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::a" }] })
}

# expect fail: aws-queue-allows-all-actions
resource "aws_sqs_queue" "gets-all" {
  name                       = "gets-all"
  visibility_timeout_seconds = 30
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/r" }, Action = "sqs:*", Resource = "*" }]
  })
}

# expect before: aws-queue-allows-all-actions
resource "aws_sqs_queue" "had-all" {
  name                       = "had-all"
  visibility_timeout_seconds = 60
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/r" }, Action = "sqs:*", Resource = "*" }]
  })
}

# expect before: aws-role-trusts-everybody
resource "aws_iam_role" "was_open" {
  name        = "was-open"
  description = "another"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}

# expect before: aws-topic-public
resource "aws_sns_topic" "was_open" {
  name         = "was-open"
  display_name = "another"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}

# expect fail: aws-key-public
resource "aws_kms_key" "opened" {
  description = "one"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }]
  })
}

# expect before: aws-key-public
resource "aws_kms_key" "was_open" {
  description = "another"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }]
  })
}

# All but IAM was every action but some already; now it is everything.
# expect fail: aws-iam-policy-allows-all
# expect before: aws-iam-policy-allows-all-actions
resource "aws_iam_policy" "loses_exception" {
  name   = "loses-exception"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", NotAction = "s3:*", Resource = "*" }] })
}

# expect fail: aws-role-trusts-any-repository
resource "aws_iam_role" "jobs_opened" {
  name = "jobs-opened"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:*" } }
    }]
  })
}

# expect before: aws-role-trusts-any-repository
resource "aws_iam_role" "jobs_were_open" {
  name        = "jobs-were-open"
  description = "another"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "*" } }
    }]
  })
}
