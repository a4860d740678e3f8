# A module whose settings come from where it is called.

variable "public" { type = bool }
variable "ranges" { type = list(string) }

# expect fail: aws-database-public
resource "aws_db_instance" "d" {
  instance_class              = "db.t3.micro"
  engine                      = "mysql"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  publicly_accessible         = var.public
}

# expect fail: aws-service-open-to-world
resource "aws_security_group" "d" {
  ingress {
    from_port   = 3306
    to_port     = 3306
    protocol    = "tcp"
    cidr_blocks = var.ranges
  }
}

resource "aws_s3_bucket" "b" {}

output "bucket" { value = aws_s3_bucket.b.id }
