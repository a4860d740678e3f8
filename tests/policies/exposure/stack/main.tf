terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
resource "terraform_data" "later" { input = "10.0.0.0/8" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }

# security groups: inline, classic rule, new rule
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 20
    to_port     = 25
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }
  ingress {
    from_port        = 443
    to_port          = 443
    protocol         = "tcp"
    ipv6_cidr_blocks = ["::/0"]
  }
}
resource "aws_security_group" "closed" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    cidr_blocks     = ["10.0.0.0/8"]
    security_groups = [aws_security_group.open.id]
  }
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
}
resource "aws_security_group" "later" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [terraform_data.later.output]
  }
}
resource "aws_security_group" "none" { vpc_id = aws_vpc.v.id }
resource "aws_security_group" "dynamic" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset(["22", "3389"])
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]
    }
  }
}
resource "aws_security_group_rule" "ssh" {
  security_group_id = aws_security_group.none.id
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "from_group" {
  security_group_id        = aws_security_group.none.id
  type                     = "ingress"
  from_port                = 22
  to_port                  = 22
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.open.id
}
resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.none.id
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.none.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}
resource "aws_vpc_security_group_ingress_rule" "rdp" {
  for_each          = { office = "192.0.2.0/24", world = "0.0.0.0/0" }
  security_group_id = aws_security_group.none.id
  ip_protocol       = "tcp"
  from_port         = 3389
  to_port           = 3389
  cidr_ipv4         = each.value
}
resource "aws_default_security_group" "d" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl" "n" {
  vpc_id = aws_vpc.v.id
  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "tcp"
    from_port  = 3389
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 5000
    cidr_block = "0.0.0.0/0"
  }
}
resource "aws_network_acl_rule" "all" {
  network_acl_id = aws_network_acl.n.id
  rule_number    = 200
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}

# buckets
resource "aws_s3_bucket" "fe" {
  for_each      = toset(["a", "b"])
  bucket_prefix = each.key
}
resource "aws_s3_bucket_public_access_block" "fe" {
  for_each                = aws_s3_bucket.fe
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = each.key == "a"
  restrict_public_buckets = each.key == "a"
}
resource "aws_s3_bucket_acl" "fe" {
  for_each = aws_s3_bucket.fe
  bucket   = each.value.id
  acl      = "public-read"
}
data "aws_iam_policy_document" "fe" {
  for_each = aws_s3_bucket.fe
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${each.value.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_s3_bucket_policy" "fe" {
  for_each = aws_s3_bucket.fe
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.fe[each.key].json
}
resource "aws_s3_bucket" "bare" {}
resource "aws_s3_bucket_public_access_block" "half" {
  bucket            = module.b.id
  block_public_acls = true
}
module "b" { source = "./bucket" }
resource "aws_s3_bucket_acl" "elsewhere" {
  bucket = "somebody-elses"
  acl    = "public-read-write"
}

# documents
resource "aws_sqs_queue" "q" {}
data "aws_iam_policy_document" "q" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.t.arn]
    }
  }
}
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.q.json
}
resource "aws_sns_topic" "t" {}
resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
resource "aws_kms_key" "open" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }] })
}
resource "aws_kms_key" "plain" {}
resource "aws_iam_role" "trusts" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role" "lambda" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
data "aws_iam_policy_document" "admin" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "admin" { policy = data.aws_iam_policy_document.admin.json }
resource "aws_iam_role_policy_attachment" "made" {
  role       = aws_iam_role.lambda.name
  policy_arn = aws_iam_policy.admin.arn
}
resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.lambda.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# attributes
resource "aws_db_instance" "open" {
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "admin"
  manage_master_user_password = true
  publicly_accessible         = true
}
resource "aws_db_instance" "closed" {
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "admin"
  manage_master_user_password = true
}
resource "aws_eks_cluster" "open" {
  name     = "open"
  role_arn = aws_iam_role.lambda.arn
  vpc_config { subnet_ids = ["subnet-1", "subnet-2"] }
}
resource "aws_eks_cluster" "narrow" {
  name     = "narrow"
  role_arn = aws_iam_role.lambda.arn
  vpc_config {
    subnet_ids          = ["subnet-1", "subnet-2"]
    public_access_cidrs = ["192.0.2.0/24"]
  }
}
resource "aws_eks_cluster" "private" {
  name     = "private"
  role_arn = aws_iam_role.lambda.arn
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_public_access  = false
    endpoint_private_access = true
  }
}
resource "aws_instance" "silent" {
  ami           = "ami-1"
  instance_type = "t3.micro"
}
resource "aws_instance" "v2" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  metadata_options { http_tokens = "required" }
}
resource "aws_instance" "v1" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  metadata_options { http_tokens = "optional" }
}
resource "aws_instance" "off" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  metadata_options { http_endpoint = "disabled" }
}
resource "aws_instance" "templated" {
  launch_template { id = aws_launch_template.v2.id }
}
resource "aws_launch_template" "v2" {
  metadata_options { http_tokens = "required" }
}
resource "aws_launch_template" "silent" {}
resource "aws_lambda_permission" "gateway" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = aws_sns_topic.t.arn
}
resource "aws_lambda_permission" "any" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}
resource "aws_lambda_permission" "all" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}
resource "aws_lambda_function_url" "open" {
  function_name      = "f"
  authorization_type = "NONE"
}
resource "aws_opensearch_domain" "public" {
  domain_name = "public"
}
resource "aws_opensearch_domain" "inside" {
  domain_name = "inside"
  vpc_options { subnet_ids = ["subnet-1"] }
}
resource "aws_msk_cluster" "m" {
  cluster_name           = "m"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
  broker_node_group_info {
    client_subnets  = ["subnet-1", "subnet-2"]
    instance_type   = "kafka.t3.small"
    security_groups = ["sg-1"]
  }
}
resource "aws_apigatewayv2_route" "open" {
  api_id    = "a"
  route_key = "GET /"
}
resource "aws_dms_replication_instance" "d" {
  replication_instance_class = "dms.t3.micro"
  replication_instance_id    = "dms"
}
resource "aws_db_snapshot" "shared" {
  db_instance_identifier = "d"
  db_snapshot_identifier = "s"
  shared_accounts        = ["all"]
}
resource "aws_ami_launch_permission" "all" {
  image_id = "ami-1"
  group    = "all"
}
resource "aws_ami_launch_permission" "one" {
  image_id   = "ami-1"
  account_id = "123456789012"
}

# how many blocks is not known yet: the provider plans one of which nothing is known
resource "terraform_data" "ports" { input = ["22"] }
resource "aws_security_group" "later_blocks" {
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = terraform_data.ports.output
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
