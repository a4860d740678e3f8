# The first account, elsewhere.
provider "aws" {
  alias                       = "elsewhere"
  region                      = "eu-north-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

# The other one too.
provider "aws" {
  alias                       = "guarded_elsewhere"
  region                      = "eu-north-1"
  access_key                  = "guarded"
  secret_key                  = "guarded"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
