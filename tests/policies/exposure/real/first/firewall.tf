# Security groups and network ACLs, in every form in which rules are written.

resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }

variable "admins" {
  type    = list(string)
  default = ["192.0.2.0/24", "198.51.100.0/24"]
}

variable "everybody" {
  default = "0.0.0.0/0"
}

# expect pass: aws-ssh-open-to-world, aws-all-ports-open-to-world, aws-egress-open-to-world
resource "aws_security_group" "bare" { vpc_id = aws_vpc.v.id }

# expect pass: aws-ssh-open-to-world, aws-rdp-open-to-world, aws-service-open-to-world, aws-port-open-to-world
resource "aws_security_group" "admins" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.admins
  }
}

# The rule is of the group; the group itself has none.
# expect pass: aws-ssh-open-to-world
resource "aws_security_group" "split" { vpc_id = aws_vpc.v.id }

# expect fail: aws-ssh-open-to-world
# expect pass: aws-rdp-open-to-world, aws-all-ports-open-to-world
resource "aws_security_group_rule" "split" {
  security_group_id = aws_security_group.split.id
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = [var.everybody]
}

# A rule of the other direction is no way in.
# expect fail: aws-egress-open-to-world
# expect pass: aws-ssh-open-to-world, aws-all-ports-open-to-world
resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.split.id
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "all"
  cidr_blocks       = ["0.0.0.0/0"]
}

# expect pass: aws-egress-open-to-world
resource "aws_security_group_rule" "in_is_not_out" {
  security_group_id = aws_security_group.split.id
  type              = "ingress"
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  self              = true
}

# expect pass: aws-ssh-open-to-world
resource "aws_security_group_rule" "from_group" {
  security_group_id        = aws_security_group.split.id
  type                     = "ingress"
  from_port                = 22
  to_port                  = 22
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.bare.id
}

# expect pass: aws-ssh-open-to-world
resource "aws_vpc_security_group_ingress_rule" "from_group" {
  security_group_id            = aws_security_group.split.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
  referenced_security_group_id = aws_security_group.bare.id
}

# expect pass: aws-ssh-open-to-world
resource "aws_vpc_security_group_ingress_rule" "from_list" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = "pl-0a1b2c3d"
}

# expect pass["office"]: aws-service-open-to-world
# expect fail["world"]: aws-service-open-to-world
# expect unknown["later"]: aws-service-open-to-world
resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each          = { office = "192.0.2.0/24", world = "0.0.0.0/0", later = terraform_data.later.output }
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = each.value
}

# One open rule is enough, whatever is not known of another.
# expect fail: aws-rdp-open-to-world
# expect unknown: aws-ssh-open-to-world
resource "aws_security_group" "mixed" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [terraform_data.later.output]
  }
  ingress {
    from_port        = 3389
    to_port          = 3389
    protocol         = "tcp"
    ipv6_cidr_blocks = ["::/0"]
  }
}

# Half of the addresses each, so that no single range is everybody's.
# expect fail: aws-ssh-open-to-world
resource "aws_security_group" "halves" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"]
  }
}

# expect fail["22"]: aws-ssh-open-to-world
# expect fail["3306"]: aws-service-open-to-world
# expect fail["8443"]: aws-port-open-to-world
# expect pass["443"]: aws-ssh-open-to-world, aws-http-open-to-world, aws-service-open-to-world, aws-port-open-to-world
# expect fail["80"]: aws-http-open-to-world
resource "aws_security_group" "each" {
  for_each = toset(["22", "80", "443", "3306", "8443"])
  vpc_id   = aws_vpc.v.id
  dynamic "ingress" {
    for_each = [each.key]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

# The list of rules written as a value.
# expect fail: aws-all-ports-open-to-world, aws-ssh-open-to-world, aws-rdp-open-to-world, aws-http-open-to-world
resource "aws_security_group" "as_value" {
  vpc_id = aws_vpc.v.id
  ingress = [{
    description      = null
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = []
    ipv6_cidr_blocks = ["::/0"]
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

# expect pass: aws-ssh-open-to-world, aws-egress-open-to-world
resource "aws_security_group" "emptied" {
  vpc_id  = aws_vpc.v.id
  ingress = []
  egress  = []
}

# expect fail: aws-egress-open-to-world
resource "aws_security_group" "sends" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect pass: aws-egress-open-to-world
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

# expect fail: aws-egress-open-to-world
resource "aws_vpc_security_group_egress_rule" "everything" {
  security_group_id = aws_security_group.split.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# expect fail: aws-default-security-group-in-use, aws-egress-open-to-world
# expect pass: aws-all-ports-open-to-world
resource "aws_default_security_group" "kept" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# expect pass: aws-default-security-group-in-use, aws-egress-open-to-world
resource "aws_default_security_group" "closed" { vpc_id = aws_vpc.v.id }

# The rule with the lowest number decides.
# expect pass: aws-nacl-ssh-open-to-world, aws-nacl-rdp-open-to-world, aws-nacl-all-ports-open-to-world
resource "aws_network_acl" "denied_first" {
  vpc_id = aws_vpc.v.id
  ingress {
    rule_no    = 100
    action     = "deny"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
}

# expect fail: aws-nacl-ssh-open-to-world, aws-nacl-rdp-open-to-world
# expect pass: aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world, aws-nacl-all-ports-open-to-world
resource "aws_network_acl" "denied_late" {
  vpc_id = aws_vpc.v.id
  ingress {
    rule_no    = 300
    action     = "deny"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 3389
    cidr_block = "0.0.0.0/0"
  }
}

# IPv4 is denied first, IPv6 is not.
# expect fail: aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world
resource "aws_network_acl" "one_family" {
  vpc_id = aws_vpc.v.id
  ingress {
    rule_no    = 1
    action     = "deny"
    protocol   = "6"
    from_port  = 20
    to_port    = 21
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no         = 2
    action          = "allow"
    protocol        = "tcp"
    from_port       = 20
    to_port         = 21
    ipv6_cidr_block = "::/0"
  }
  egress {
    rule_no    = 1
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

# expect pass: aws-nacl-ssh-open-to-world, aws-nacl-ftp-open-to-world, aws-nacl-ftp-data-open-to-world
# expect pass: aws-nacl-rdp-open-to-world, aws-nacl-all-ports-open-to-world
resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.denied_first.id
  rule_number    = 100
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}

# expect fail: aws-nacl-rdp-open-to-world
resource "aws_network_acl_rule" "rdp" {
  network_acl_id = aws_network_acl.denied_first.id
  rule_number    = 50
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 3389
  to_port        = 3389
}
