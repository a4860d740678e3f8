# What there is. after.tf is what somebody wants it to be.

# -- security groups

resource "aws_security_group" "gets_ssh" {
  name = "gets-ssh"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "has_ssh" {
  name = "has-ssh"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "has_ssh_untouched" {
  name = "has-ssh-untouched"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "gets_ipv6" {
  name = "gets-ipv6"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "opened" {
  name = "opened"
  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_security_group" "closed" {
  name = "closed"
  ingress {
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "widened" {
  name = "widened"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "narrowed" {
  name = "narrowed"
  ingress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "sends" {
  name = "sends"
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "gets_sending" {
  name   = "gets-sending"
  egress = []
}

resource "aws_security_group" "databases" {
  name = "databases"
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

resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "all" {
  name = "all"
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "gets_port" {
  name = "gets-port"
  ingress {
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "split" { name = "split" }

# A rule of its own is made anew when its ports or addresses change.
resource "aws_security_group_rule" "moves_port" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "described" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["10.0.0.0/8"]
}

resource "aws_vpc_security_group_ingress_rule" "described" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "::/0"
}

resource "aws_vpc_security_group_egress_rule" "opened" {
  security_group_id = "sg-0a1b2c3d"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

# -- network ACLs

resource "aws_network_acl" "denial_goes" {
  vpc_id = "vpc-0a1b2c3d"
  ingress {
    rule_no    = 1
    action     = "deny"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "tcp"
    from_port  = 20
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "denial_comes" {
  vpc_id = "vpc-0a1b2c3d"
  ingress {
    rule_no    = 2
    action     = "allow"
    protocol   = "tcp"
    from_port  = 3389
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "everything" {
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

resource "aws_network_acl" "gets_everything" { vpc_id = "vpc-0a1b2c3d" }

resource "aws_network_acl" "tagged" {
  vpc_id = "vpc-0a1b2c3d"
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

resource "aws_db_instance" "opened" {
  identifier                  = "opened"
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = false
}

resource "aws_db_instance" "was_open" {
  identifier                  = "was-open"
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = true
}

resource "aws_db_instance" "closed" {
  identifier                  = "closed"
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = true
}

resource "aws_lambda_function_url" "opened" {
  function_name      = "opened"
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_function_url" "was_open" {
  function_name      = "was-open"
  authorization_type = "NONE"
}

resource "aws_eks_cluster" "gets_ipv6" {
  name     = "gets-ipv6"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = ["0.0.0.0/0"]
  }
}

resource "aws_eks_cluster" "was_open" {
  name     = "was-open"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "falls_back" {
  ami           = "ami-0a1b2c3d"
  instance_type = "t3.micro"
  metadata_options { http_tokens = "required" }
}

resource "aws_instance" "was_v1" {
  ami           = "ami-0a1b2c3d"
  instance_type = "t3.micro"
  metadata_options { http_tokens = "optional" }
}

# -- buckets

resource "aws_s3_bucket" "loses_block" { bucket = "loses-block" }
resource "aws_s3_bucket_public_access_block" "loses_block" {
  bucket                  = aws_s3_bucket.loses_block.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "block_opened" { bucket = "block-opened" }
resource "aws_s3_bucket_public_access_block" "block_opened" {
  bucket                  = aws_s3_bucket.block_opened.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_acl" "block_opened" {
  bucket = aws_s3_bucket.block_opened.bucket
  acl    = "public-read"
}

resource "aws_s3_bucket" "was_public" { bucket = "was-public" }
resource "aws_s3_bucket_public_access_block" "was_public" {
  bucket                  = aws_s3_bucket.was_public.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false
  restrict_public_buckets = false
}
resource "aws_s3_bucket_acl" "was_public" {
  bucket = aws_s3_bucket.was_public.bucket
  acl    = "public-read"
}
resource "aws_s3_bucket_policy" "was_public" {
  bucket = aws_s3_bucket.was_public.bucket
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::was-public/*" }]
  })
}

resource "aws_s3_bucket" "gets_write" { bucket = "gets-write" }
resource "aws_s3_bucket_acl" "gets_write" {
  bucket = aws_s3_bucket.gets_write.bucket
  acl    = "public-read"
}

resource "aws_s3_bucket" "closed" { bucket = "closed" }
resource "aws_s3_bucket_acl" "closed" {
  bucket = aws_s3_bucket.closed.bucket
  acl    = "public-read"
}

resource "aws_s3_account_public_access_block" "guarded" {
  provider                = aws.guarded
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket" "in_account" {
  provider = aws.guarded
  bucket   = "in-account"
}
resource "aws_s3_bucket_acl" "in_account" {
  provider = aws.guarded
  bucket   = aws_s3_bucket.in_account.bucket
  acl      = "public-read"
}

resource "aws_s3_bucket" "policy_freed" { bucket = "policy-freed" }
resource "aws_s3_bucket_public_access_block" "policy_freed" {
  bucket                  = aws_s3_bucket.policy_freed.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "policy_freed" {
  bucket = aws_s3_bucket.policy_freed.bucket
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::policy-freed/*" }]
  })
}

resource "aws_s3_bucket" "was_writable" {
  bucket = "was-writable"
}
resource "aws_s3_bucket_acl" "was_writable" {
  bucket = aws_s3_bucket.was_writable.bucket
  acl    = "public-read-write"
}

resource "aws_s3_bucket" "was_half" {
  bucket = "was-half"
}
resource "aws_s3_bucket_public_access_block" "was_half" {
  bucket                  = aws_s3_bucket.was_half.bucket
  block_public_acls       = false
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

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
  }
}

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
  }
}

# -- documents

resource "aws_sqs_queue" "opened" {
  name = "opened"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sqs_queue" "may_more" {
  name = "may-more"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sqs_queue" "may_less" {
  name = "may-less"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }]
  })
}

resource "aws_sqs_queue" "was_open" {
  name = "was-open"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sns_topic" "loses_condition" {
  name = "loses-condition"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

resource "aws_iam_role" "opened" {
  name = "opened"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_policy" "was_everything" {
  name   = "was-everything"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_policy" "gets_everything" {
  name   = "gets-everything"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::a" }] })
}

resource "aws_iam_policy" "gets_every_action" {
  name   = "gets-every-action"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::a" }] })
}

resource "aws_sqs_queue" "gets-all" {
  name                       = "gets-all"
  visibility_timeout_seconds = 30
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/r" }, Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sqs_queue" "had-all" {
  name                       = "had-all"
  visibility_timeout_seconds = 30
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/r" }, Action = "sqs:*", Resource = "*" }]
  })
}

resource "aws_iam_role" "was_open" {
  name        = "was-open"
  description = "one"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_sns_topic" "was_open" {
  name         = "was-open"
  display_name = "one"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}

resource "aws_kms_key" "opened" {
  description = "one"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_key" "was_open" {
  description = "one"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_iam_policy" "loses_exception" {
  name   = "loses-exception"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", NotAction = ["iam:*", "s3:*"], Resource = "*" }] })
}

resource "aws_iam_role" "jobs_opened" {
  name = "jobs-opened"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:*" } }
    }]
  })
}

resource "aws_iam_role" "jobs_were_open" {
  name        = "jobs-were-open"
  description = "one"
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
