# Instances that scale, made from a launch template.
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

variable "vpc_id" {
  type    = string
  default = "vpc-0a1b2c3d4e5f60718"
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0a1b2c3d4e5f60721", "subnet-0a1b2c3d4e5f60722"]
}

variable "ami_id" {
  type    = string
  default = "ami-0a1b2c3d4e5f60718"
}

resource "aws_kms_key" "volumes" {
  description         = "volumes of the fleet"
  enable_key_rotation = true
}

resource "aws_security_group" "fleet" {
  name        = "fleet"
  description = "fleet"
  vpc_id      = var.vpc_id
  ingress {
    description = "from the network"
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "fleet" {
  name               = "fleet"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy_attachment" "ssm" {
  role       = aws_iam_role.fleet.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "fleet" {
  name = "fleet"
  role = aws_iam_role.fleet.name
}

resource "aws_launch_template" "fleet" {
  name_prefix   = "fleet-"
  image_id      = var.ami_id
  instance_type = "m7g.large"
  iam_instance_profile {
    arn = aws_iam_instance_profile.fleet.arn
  }
  network_interfaces {
    associate_public_ip_address = false
    security_groups             = [aws_security_group.fleet.id]
  }
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size = 40
      volume_type = "gp3"
      encrypted   = true
      kms_key_id  = aws_kms_key.volumes.arn
    }
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Owner = "platform" }
  }
}

resource "aws_lb" "fleet" {
  name               = "fleet"
  internal           = true
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_target_group" "fleet" {
  name     = "fleet"
  port     = 8080
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_listener" "fleet" {
  load_balancer_arn = aws_lb.fleet.arn
  port              = 443
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:123456789012:certificate/0f7c3a6e-1111-2222-3333-444455556666"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.fleet.arn
  }
}

resource "aws_autoscaling_group" "fleet" {
  name_prefix         = "fleet-"
  min_size            = 2
  max_size            = 10
  vpc_zone_identifier = var.subnet_ids
  target_group_arns   = [aws_lb_target_group.fleet.arn]
  health_check_type   = "ELB"
  launch_template {
    id      = aws_launch_template.fleet.id
    version = aws_launch_template.fleet.latest_version
  }
  tag {
    key                 = "Owner"
    value               = "platform"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_policy" "cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.fleet.name
  policy_type            = "TargetTrackingScaling"
  target_tracking_configuration {
    target_value = 60
    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_instance" "bastion" {
  ami                    = var.ami_id
  instance_type          = "t4g.micro"
  subnet_id              = var.subnet_ids[0]
  vpc_security_group_ids = [aws_security_group.fleet.id]
  iam_instance_profile   = aws_iam_instance_profile.fleet.name
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.volumes.arn
  }
}

resource "aws_ebs_volume" "shared" {
  availability_zone = "eu-central-1a"
  size              = 100
  encrypted         = true
  kms_key_id        = aws_kms_key.volumes.arn
}

resource "aws_volume_attachment" "shared" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.shared.id
  instance_id = aws_instance.bastion.id
}

resource "aws_efs_file_system" "shared" {
  encrypted  = true
  kms_key_id = aws_kms_key.volumes.arn
}

resource "aws_efs_backup_policy" "shared" {
  file_system_id = aws_efs_file_system.shared.id
  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_efs_file_system_policy" "shared" {
  file_system_id = aws_efs_file_system.shared.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.fleet.arn }
      Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource  = aws_efs_file_system.shared.arn
    }]
  })
}
