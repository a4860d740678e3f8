# What stands in attributes, with what stands beside it.

resource "aws_api_gateway_rest_api" "a" { name = "a" }
resource "aws_api_gateway_resource" "a" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "a"
}
resource "aws_api_gateway_authorizer" "a" {
  name            = "a"
  rest_api_id     = aws_api_gateway_rest_api.a.id
  type            = "COGNITO_USER_POOLS"
  identity_source = "method.request.header.Authorization"
  provider_arns   = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abcdefghi"]
}

# expect fail: aws-api-method-without-auth
resource "aws_api_gateway_method" "open" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.a.id
  http_method   = "GET"
  authorization = "NONE"
}

# expect pass: aws-api-method-without-auth
resource "aws_api_gateway_method" "pool" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.a.id
  http_method   = "POST"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.a.id
}

# A browser asks with OPTIONS before it sends who it is.
# expect pass: aws-api-method-without-auth
resource "aws_api_gateway_method" "preflight" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.a.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

# expect pass: aws-api-method-without-auth
resource "aws_api_gateway_method" "with_key" {
  rest_api_id      = aws_api_gateway_rest_api.a.id
  resource_id      = aws_api_gateway_resource.a.id
  http_method      = "PUT"
  authorization    = "NONE"
  api_key_required = true
}

# Reached through VPC endpoints alone.
resource "aws_api_gateway_rest_api" "inside" {
  name = "inside"
  endpoint_configuration { types = ["PRIVATE"] }
}

# expect pass: aws-api-method-without-auth
resource "aws_api_gateway_method" "inside" {
  rest_api_id   = aws_api_gateway_rest_api.inside.id
  resource_id   = aws_api_gateway_rest_api.inside.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_rest_api" "regional" {
  name = "regional"
  endpoint_configuration { types = ["REGIONAL"] }
}

# expect fail: aws-api-method-without-auth
resource "aws_api_gateway_method" "regional" {
  rest_api_id   = aws_api_gateway_rest_api.regional.id
  resource_id   = aws_api_gateway_rest_api.regional.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_authorizer" "h" {
  api_id           = aws_apigatewayv2_api.h.id
  authorizer_type  = "JWT"
  name             = "h"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    audience = ["a"]
    issuer   = "https://issuer.example.com"
  }
}

# expect fail["open"]: aws-api-route-without-auth
# expect pass["jwt"]: aws-api-route-without-auth
resource "aws_apigatewayv2_route" "each" {
  for_each           = { open = null, jwt = aws_apigatewayv2_authorizer.h.id }
  api_id             = aws_apigatewayv2_api.h.id
  route_key          = "GET /${each.key}"
  authorization_type = each.key == "jwt" ? "JWT" : "NONE"
  authorizer_id      = each.value
}

# expect fail: aws-api-route-without-auth
resource "aws_apigatewayv2_route" "silent" {
  api_id    = aws_apigatewayv2_api.h.id
  route_key = "GET /silent"
}

# Who may call: everybody, everybody of an organisation, a service for one account, a service for anybody.
# expect fail: aws-function-public
resource "aws_lambda_permission" "all" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

# expect pass: aws-function-public, aws-function-any-source
resource "aws_lambda_permission" "organisation" {
  function_name    = "f"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-0a1b2c3d4e"
}

# expect pass: aws-function-any-source, aws-function-source-without-account
resource "aws_lambda_permission" "gateway" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.h.execution_arn}/*"
}

# expect fail: aws-function-any-source
resource "aws_lambda_permission" "any_gateway" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
}

# Whose bucket it is does not stand in its ARN; whose API it is stands in its own.
# expect fail: aws-s3-public-access-block-missing
resource "aws_s3_bucket" "events" { bucket_prefix = "events-" }

# expect fail: aws-function-source-without-account
# expect pass: aws-function-any-source
resource "aws_lambda_permission" "bucket" {
  function_name = "f"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.events.arn
}

# expect pass: aws-function-source-without-account
resource "aws_lambda_permission" "bucket_of_ours" {
  function_name  = "f"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.events.arn
  source_account = "111122223333"
}

# expect fail: aws-function-url-without-auth
resource "aws_lambda_function_url" "open" {
  function_name      = "f"
  authorization_type = "NONE"
}

# expect pass: aws-function-url-without-auth
resource "aws_lambda_function_url" "signed" {
  function_name      = "f"
  authorization_type = "AWS_IAM"
}

# What a machine's template says of its metadata, the machine does not say again.
# expect pass: aws-imds-v1
resource "aws_launch_template" "v2" {
  metadata_options { http_tokens = "required" }
}

# expect pass: aws-imds-v1
resource "aws_instance" "templated" {
  launch_template { id = aws_launch_template.v2.id }
}

# expect fail: aws-imds-v1, aws-public-ip
resource "aws_instance" "v1" {
  ami                         = "ami-0a1b2c3d"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  metadata_options { http_tokens = "optional" }
}

# expect pass: aws-imds-v1
# expect unknown: aws-public-ip
resource "aws_instance" "later" {
  ami                         = "ami-0a1b2c3d"
  instance_type               = "t3.micro"
  associate_public_ip_address = terraform_data.later.output == "10.0.0.0/8"
  metadata_options { http_endpoint = "disabled" }
}

# expect pass: aws-eks-endpoint-open-to-world
# expect fail: aws-eks-endpoint-public
resource "aws_eks_cluster" "office" {
  name     = "office"
  role_arn = aws_iam_role.machine.arn
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = var.admins
  }
}

# expect fail: aws-eks-endpoint-open-to-world, aws-eks-endpoint-public
resource "aws_eks_cluster" "world" {
  name     = "world"
  role_arn = aws_iam_role.machine.arn
  vpc_config {
    subnet_ids          = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
    public_access_cidrs = ["192.0.2.0/24", "0.0.0.0/0"]
  }
}

# expect fail[0]: aws-prefix-list-open-to-world
# expect pass[1]: aws-prefix-list-open-to-world
resource "aws_ec2_managed_prefix_list" "each" {
  count          = 2
  name           = "each"
  address_family = "IPv4"
  max_entries    = 2
  dynamic "entry" {
    for_each = count.index == 0 ? ["0.0.0.0/1", "128.0.0.0/1"] : var.admins
    content {
      cidr = entry.value
    }
  }
}

# expect fail: aws-snapshot-public
resource "aws_ami_launch_permission" "all" {
  image_id = "ami-0a1b2c3d"
  group    = "all"
}

# expect pass: aws-snapshot-public
resource "aws_ami_launch_permission" "one" {
  image_id   = "ami-0a1b2c3d"
  account_id = "111122223333"
}

# expect fail: aws-iam-administrator-attached
resource "aws_iam_role_policy_attachment" "administrator" {
  role       = aws_iam_role.machine.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# A policy that this plan makes is none of AWS's.
# expect pass: aws-iam-administrator-attached
resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.machine.name
  policy_arn = aws_iam_policy.everything.arn
}
