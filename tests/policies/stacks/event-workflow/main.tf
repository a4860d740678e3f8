# An event bus, a state machine, and a module that keeps results.
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

variable "partner_account_id" {
  type    = string
  default = "210987654321"
}

resource "aws_kms_key" "events" {
  description         = "events"
  enable_key_rotation = true
}

resource "aws_cloudwatch_event_bus" "orders" {
  name               = "orders"
  kms_key_identifier = aws_kms_key.events.arn
}

data "aws_iam_policy_document" "bus" {
  statement {
    sid       = "Partner"
    actions   = ["events:PutEvents"]
    resources = [aws_cloudwatch_event_bus.orders.arn]
    principals {
      type        = "AWS"
      identifiers = [var.partner_account_id]
    }
  }
}

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy         = data.aws_iam_policy_document.bus.json
}

resource "aws_cloudwatch_event_rule" "created" {
  name           = "order-created"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = jsonencode({ detail-type = ["order created"] })
}

resource "aws_cloudwatch_event_archive" "orders" {
  name             = "orders"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 90
}

data "aws_iam_policy_document" "assume" {
  for_each = { states = "states.amazonaws.com", events = "events.amazonaws.com" }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each           = data.aws_iam_policy_document.assume
  name               = "orders-${each.key}"
  assume_role_policy = each.value.json
}

resource "aws_cloudwatch_log_group" "states" {
  name              = "/states/orders"
  retention_in_days = 365
}

resource "aws_sfn_state_machine" "orders" {
  name     = "orders"
  role_arn = aws_iam_role.this["states"].arn
  definition = jsonencode({
    StartAt = "Keep"
    States = {
      Keep = {
        Type     = "Task"
        Resource = "arn:aws:states:::sqs:sendMessage"
        Parameters = {
          QueueUrl    = module.state.queue_url
          MessageBody = "$"
        }
        End = true
      }
    }
  })
  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.states.arn}:*"
    include_execution_data = false
    level                  = "ERROR"
  }
  encryption_configuration {
    type       = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id = aws_kms_key.events.arn
  }
  tracing_configuration {
    enabled = true
  }
}

data "aws_iam_policy_document" "start" {
  statement {
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.orders.arn]
  }
}

resource "aws_iam_role_policy" "start" {
  role   = aws_iam_role.this["events"].id
  policy = data.aws_iam_policy_document.start.json
}

resource "aws_cloudwatch_event_target" "orders" {
  rule           = aws_cloudwatch_event_rule.created.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sfn_state_machine.orders.arn
  role_arn       = aws_iam_role.this["events"].arn
  dead_letter_config {
    arn = module.state.queue_arn
  }
}

module "state" {
  source      = "./state"
  name        = "orders"
  kms_key_arn = aws_kms_key.events.arn
  writers     = [aws_iam_role.this["states"].arn]
}

resource "aws_scheduler_schedule" "nightly" {
  name                = "orders-nightly"
  schedule_expression = "cron(0 2 * * ? *)"
  kms_key_arn         = aws_kms_key.events.arn
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_sfn_state_machine.orders.arn
    role_arn = aws_iam_role.this["events"].arn
  }
}
