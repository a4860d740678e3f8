terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "team" {
  type    = string
  default = "payments"
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

provider "aws" {
  alias                       = "tagged"
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  default_tags {
    tags = {
      Owner      = "payments"
      CostCenter = "1234"
    }
  }
}

provider "aws" {
  alias                       = "variable"
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  default_tags {
    tags = { Owner = var.team, CostCenter = "1234" }
  }
}

provider "aws" {
  alias                       = "late"
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  default_tags {
    tags = { Owner = aws_kms_key.key.key_id }
  }
}

locals {
  common = { Owner = "payments", Environment = "prod" }
}

provider "aws" {
  alias                       = "common"
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  default_tags {
    tags = merge(local.common, { Team = var.team })
  }
}

resource "aws_kms_key" "key" {
  tags = { Owner = "payments", CostCenter = "1234" }
}

# right
resource "aws_sqs_queue" "own" {
  tags = { Owner = "payments", CostCenter = "1234" }
}
resource "aws_sqs_queue" "by_default" {
  provider = aws.tagged
}
resource "aws_sqs_queue" "by_default_and_own" {
  provider = aws.tagged
  tags     = { Purpose = "orders" }
}
resource "aws_sqs_queue" "by_variable" {
  provider = aws.variable
}
resource "aws_sqs_queue" "unknown_value_beside_default" {
  provider = aws.tagged
  tags     = { Key = aws_kms_key.key.key_id }
}
resource "aws_vpc_security_group_ingress_rule" "unknown_value_of_required" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
  tags              = { Owner = aws_kms_key.key.key_id, CostCenter = "1234" }
}

# wrong
resource "aws_sqs_queue" "none" {
}
resource "aws_sqs_queue" "other_case" {
  tags = { owner = "payments", cost_center = "1234" }
}
resource "aws_sqs_queue" "empty" {
  tags = { Owner = "", CostCenter = "1234" }
}
resource "aws_sqs_queue" "empty_over_default" {
  provider = aws.tagged
  tags     = { Owner = "" }
}
resource "aws_vpc_security_group_ingress_rule" "unknown_value_and_missing" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
  tags              = { Key = aws_kms_key.key.key_id, CostCenter = "1234" }
}

# unknown
resource "aws_sqs_queue" "unknown_value" {
  tags = { Key = aws_kms_key.key.key_id, CostCenter = "1234" }
}
resource "aws_sqs_queue" "late_default" {
  provider = aws.late
  tags     = { CostCenter = "1234" }
}
resource "aws_sqs_queue" "late_default_only" {
  provider = aws.late
}

# default tags of a local: known, though the configuration in the plan does not tell them
resource "aws_sqs_queue" "common_lacks_one" {
  provider = aws.common
}
resource "aws_sqs_queue" "common_and_own" {
  provider = aws.common
  tags     = { CostCenter = "1234" }
}
resource "aws_vpc_security_group_ingress_rule" "common_beside_unknown_value" {
  provider          = aws.common
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
  tags              = { Key = aws_kms_key.key.key_id, CostCenter = "1234" }
}
resource "aws_sqs_queue" "common_beside_unknown_map" {
  provider = aws.common
  tags     = { Key = aws_kms_key.key.key_id, CostCenter = "1234" }
}

# groups and what they launch
resource "aws_autoscaling_group" "untagged" {
  provider             = aws.tagged
  name                 = "untagged"
  min_size             = 0
  max_size             = 1
  availability_zones   = ["eu-west-1a"]
  launch_configuration = "lc"
}
resource "aws_autoscaling_group" "tagged" {
  name                 = "tagged"
  min_size             = 0
  max_size             = 1
  availability_zones   = ["eu-west-1a"]
  launch_configuration = "lc"
  tag {
    key                 = "Owner"
    value               = "payments"
    propagate_at_launch = true
  }
  tag {
    key                 = "CostCenter"
    value               = "1234"
    propagate_at_launch = false
  }
}
resource "aws_autoscaling_group" "apart" {
  name                 = "apart"
  min_size             = 0
  max_size             = 1
  availability_zones   = ["eu-west-1a"]
  launch_configuration = "lc"
}
resource "aws_autoscaling_group_tag" "apart" {
  for_each               = { Owner = "payments", CostCenter = "1234" }
  autoscaling_group_name = aws_autoscaling_group.apart.name
  tag {
    key                 = each.key
    value               = each.value
    propagate_at_launch = true
  }
}
resource "aws_launch_template" "bad_instances" {
  name = "bad"
  tags = { Owner = "payments", CostCenter = "1234" }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "web", owner = "payments" }
  }
  tag_specifications {
    resource_type = "volume"
    tags          = { Owner = "payments", CostCenter = "1234" }
  }
}
resource "aws_launch_template" "good" {
  name     = "good"
  provider = aws.tagged
  tag_specifications {
    resource_type = "instance"
    tags          = { Owner = "payments", CostCenter = "1234" }
  }
}
resource "aws_instance" "volume_tags" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  tags          = { Owner = "payments", CostCenter = "1234" }
  volume_tags   = { Owner = "payments" }
}
resource "aws_instance" "root_device" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  tags          = { Owner = "payments", CostCenter = "1234" }
  root_block_device {
    volume_size = 10
    tags        = { Purpose = "boot" }
  }
}
resource "aws_instance" "root_device_default" {
  provider      = aws.tagged
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  root_block_device {
    volume_size = 10
    tags        = { Purpose = "boot" }
  }
}
resource "aws_instance" "plain_root_device" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  tags          = { Owner = "payments", CostCenter = "1234" }
  root_block_device {
    volume_size = 10
  }
}
resource "aws_spot_fleet_request" "fleet" {
  iam_fleet_role  = "arn:aws:iam::123456789012:role/fleet"
  target_capacity = 1
  tags            = { Owner = "payments", CostCenter = "1234" }
  launch_specification {
    ami           = "ami-0123456789abcdef0"
    instance_type = "t3.micro"
    tags          = { Owner = "payments" }
  }
}
resource "aws_batch_compute_environment" "batch" {
  type = "MANAGED"
  tags = { Owner = "payments", CostCenter = "1234" }
  compute_resources {
    type               = "EC2"
    instance_type      = ["m5.large"]
    max_vcpus          = 4
    security_group_ids = ["sg-1"]
    subnets            = ["subnet-1"]
    tags               = { Owner = "payments" }
  }
}
resource "aws_ebs_volume" "by_ec2_tag" {
  availability_zone = "eu-west-1a"
  size              = 1
  tags              = { Owner = "payments" }
}
resource "aws_ec2_tag" "volume" {
  resource_id = aws_ebs_volume.by_ec2_tag.id
  key         = "CostCenter"
  value       = "1234"
}

# not taggable, though it looks so
resource "aws_inspector_resource_group" "g" {
  tags = { Env = "prod" }
}
resource "aws_s3_bucket_metric" "m" {
  bucket = "logs"
  name   = "m"
  filter {
    tags = { Env = "prod" }
  }
}
resource "aws_devopsguru_resource_collection" "c" {
  type = "AWS_TAGS"
  tags {
    app_boundary_key = "DevOps-Guru-x"
    tag_values       = ["*"]
  }
}

module "inner" {
  source    = "./inner"
  providers = { aws = aws.tagged }
}
module "inherits" {
  source = "./inner"
}
