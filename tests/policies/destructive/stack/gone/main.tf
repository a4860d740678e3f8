resource "aws_sqs_queue" "q" {
  name = "legacy"
}

resource "aws_sns_topic" "t" {
  name = "legacy"
}

resource "aws_iam_role" "r" {
  name               = "legacy"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
