# The same at home: `terragrunt plan -out=tfplan` in a unit judges what it planned, and `terragrunt apply tfplan` does so
# once more before anything is changed. Put it into the root.hcl that your units include.
terraform {
  after_hook "plangate" {
    commands = ["plan"]
    execute  = ["plangate", "check", "tfplan", "--chdir", "."]
  }

  before_hook "plangate" {
    commands = ["apply", "destroy"]
    execute  = ["plangate", "check", "tfplan", "--chdir", "."]
  }
}
