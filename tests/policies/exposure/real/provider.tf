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

# Another account, one that blocks public buckets for all of itself.
provider "aws" {
  alias                       = "guarded"
  region                      = "eu-west-1"
  access_key                  = "guarded"
  secret_key                  = "guarded"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

# What only the apply can tell.
resource "terraform_data" "later" { input = "10.0.0.0/8" }
