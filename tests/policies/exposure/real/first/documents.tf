# Policy documents with what they are joined to, and as they come: written out, encoded, made by a data source, merged.

resource "aws_sqs_queue" "q" {}
resource "aws_sns_topic" "t" {}

# The whole text is unknown, because the queue is named in it.
# expect unknown: aws-queue-public, aws-queue-allows-all-actions
resource "aws_sqs_queue_policy" "encoded" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.q.arn
    }]
  })
}

data "aws_iam_policy_document" "send" {
  statement {
    sid       = "send"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

# The same, made by a data source: only the queue's name is unknown.
# expect fail: aws-queue-public
# expect pass: aws-queue-allows-all-actions
resource "aws_sqs_queue_policy" "planned" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.send.json
}

data "aws_iam_policy_document" "send_from_topic" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.t.arn]
    }
  }
}

# expect pass: aws-queue-public, aws-queue-allows-all-actions
resource "aws_sqs_queue_policy" "from_topic" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.send_from_topic.json
}

# Merged: what is open in a source is open in what is made of it.
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.send.json]
  statement {
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

# expect fail: aws-queue-public
# expect pass: aws-queue-allows-all-actions
resource "aws_sqs_queue_policy" "merged" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.merged.json
}

# Overridden: the statement of that sid is another one.
data "aws_iam_policy_document" "overridden" {
  source_policy_documents = [data.aws_iam_policy_document.send.json]
  override_policy_documents = [jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "send"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "*"
      Resource  = "*"
    }]
  })]
}

# expect pass: aws-queue-public
# expect fail: aws-queue-allows-all-actions
resource "aws_sqs_queue_policy" "overridden" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.overridden.json
}

# Who it is for is known only after the apply, and certainly somebody: a role of this plan.
data "aws_iam_policy_document" "for_role" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.machine.arn]
    }
  }
}

# expect pass: aws-queue-public
resource "aws_sqs_queue_policy" "for_role" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.for_role.json
}

# Here nobody can tell.
data "aws_iam_policy_document" "for_anything" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    principals {
      type        = "AWS"
      identifiers = [terraform_data.later.output]
    }
  }
}

# expect unknown: aws-queue-public
resource "aws_sqs_queue_policy" "for_anything" {
  queue_url = aws_sqs_queue.q.id
  policy    = data.aws_iam_policy_document.for_anything.json
}

# How many statements there are is not known yet; the one that is written is open all the same.
data "aws_iam_policy_document" "dynamic" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.t.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  dynamic "statement" {
    for_each = [terraform_data.later.output]
    content {
      actions   = ["sns:Subscribe"]
      resources = [aws_sns_topic.t.arn]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}

# expect fail: aws-topic-public
resource "aws_sns_topic_policy" "dynamic" {
  arn    = aws_sns_topic.t.arn
  policy = data.aws_iam_policy_document.dynamic.json
}

# The policy of another resource, by reference.
# expect fail: aws-topic-public
resource "aws_sns_topic_policy" "same" {
  arn    = aws_sns_topic.t.arn
  policy = aws_sns_topic_policy.dynamic.policy
}

# A Deny for everybody closes, it opens nothing.
# expect pass: aws-key-public
resource "aws_kms_key" "denies" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Deny", Principal = "*", Action = "kms:ScheduleKeyDeletion", Resource = "*" },
    ]
  })
}

# As the key of an AWS service is written: for everybody of one account, through one service.
# expect pass: aws-key-public
resource "aws_kms_key" "through_service" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:CallerAccount" = "111122223333", "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    }]
  })
}

# Only through a service, but out of every account.
# expect fail: aws-key-public
resource "aws_kms_key" "through_service_of_anybody" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    }]
  })
}

# expect pass: aws-role-trusts-everybody
resource "aws_iam_role" "machine" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

# expect fail: aws-role-trusts-everybody
resource "aws_iam_role" "all_but_one" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", NotPrincipal = { AWS = "111122223333" }, Action = "sts:AssumeRole" }]
  })
}

# expect pass: aws-role-trusts-everybody
resource "aws_iam_role" "organisation" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-0a1b2c3d4e" } }
    }]
  })
}

# An external id is a password of a kind, and ties the role to nobody.
# expect fail: aws-role-trusts-everybody
resource "aws_iam_role" "external_id" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = "a-word" } }
    }]
  })
}

# Jobs of a CI service, whose provider is made by the same apply: whoever may come stands in the conditions.
resource "aws_iam_openid_connect_provider" "jobs" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "jobs" {
  for_each = { anybody = ["repo:*"], ours = ["repo:acme/*"], unsaid = [] }
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.jobs.arn]
    }
    dynamic "condition" {
      for_each = length(each.value) > 0 ? [each.value] : []
      content {
        test     = "StringLike"
        variable = "${aws_iam_openid_connect_provider.jobs.url}:sub"
        values   = condition.value
      }
    }
  }
}

# expect fail["anybody"]: aws-role-trusts-any-repository
# expect fail["unsaid"]: aws-role-trusts-any-repository
# expect pass["ours"]: aws-role-trusts-any-repository, aws-role-trusts-everybody
resource "aws_iam_role" "jobs" {
  for_each           = toset(["anybody", "ours", "unsaid"])
  assume_role_policy = data.aws_iam_policy_document.jobs[each.key].json
}

# Written as JSON such a document is unknown as a whole.
# expect unknown: aws-role-trusts-everybody, aws-role-trusts-any-repository
resource "aws_iam_role" "jobs_encoded" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.jobs.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/*" } }
    }]
  })
}

# The pods of a cluster: its issuer is its own, and made by the apply.
resource "aws_eks_cluster" "pods" {
  name     = "pods"
  role_arn = aws_iam_role.machine.arn
  vpc_config {
    subnet_ids              = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"]
    endpoint_public_access  = false
    endpoint_private_access = true
  }
}
resource "aws_iam_openid_connect_provider" "pods" {
  url            = aws_eks_cluster.pods.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
data "aws_iam_policy_document" "pods" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.pods.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${replace(aws_iam_openid_connect_provider.pods.url, "https://", "")}:sub"
      values   = ["system:serviceaccount:shop:web"]
    }
  }
}
# expect pass: aws-role-trusts-everybody, aws-role-trusts-any-repository
resource "aws_iam_role" "pods" {
  assume_role_policy = data.aws_iam_policy_document.pods.json
}

# An open document behind a network of its own, and one that is not.
# expect pass: aws-search-policy-public, aws-search-outside-vpc
resource "aws_opensearch_domain" "inside" {
  domain_name     = "inside"
  access_policies = local.search_policy
  vpc_options { subnet_ids = ["subnet-0a1b2c3d"] }
}

# expect fail: aws-search-policy-public, aws-search-outside-vpc
resource "aws_opensearch_domain" "outside" {
  domain_name     = "outside"
  access_policies = local.search_policy
}

# expect fail: aws-search-outside-vpc
# expect pass: aws-search-policy-public
resource "aws_elasticsearch_domain" "apart" { domain_name = "apart" }

# expect fail: aws-search-policy-public
resource "aws_elasticsearch_domain_policy" "apart" {
  domain_name     = aws_elasticsearch_domain.apart.domain_name
  access_policies = local.search_policy
}

# expect pass: aws-search-policy-public
resource "aws_opensearch_domain_policy" "inside" {
  domain_name     = aws_opensearch_domain.inside.domain_name
  access_policies = local.search_policy
}

# From the office only.
# expect pass: aws-search-policy-public
resource "aws_opensearch_domain_policy" "office" {
  domain_name = aws_opensearch_domain.outside.domain_name
  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "es:ESHttp*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = ["192.0.2.0/24"] } }
    }]
  })
}

locals {
  search_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "es:ESHttp*", Resource = "*" }]
  })
}

# Permissions: everything on everything, everything on something, something.
data "aws_iam_policy_document" "everything" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

# expect fail: aws-iam-policy-allows-all, aws-iam-policy-allows-all-actions
resource "aws_iam_policy" "everything" { policy = data.aws_iam_policy_document.everything.json }

data "aws_iam_policy_document" "everything_on_topic" {
  statement {
    actions   = ["*"]
    resources = [aws_sns_topic.t.arn]
  }
}

# What is unknown of a reference to a topic is its name, not whether it is a star; the policy does not know that.
# expect unknown: aws-iam-policy-allows-all
# expect fail: aws-iam-policy-allows-all-actions
resource "aws_iam_role_policy" "everything_on_topic" {
  role   = aws_iam_role.machine.name
  policy = data.aws_iam_policy_document.everything_on_topic.json
}

# expect pass: aws-iam-policy-allows-all, aws-iam-policy-allows-all-actions
resource "aws_iam_user_policy" "something" {
  user   = "somebody"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:*", "sqs:*"], Resource = "*" }] })
}
