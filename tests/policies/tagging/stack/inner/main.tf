terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
resource "aws_sqs_queue" "in_module" {
}
