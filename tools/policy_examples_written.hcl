# As policy_examples.hcl: what right looks like where no row of a table has one value that is right.

#: encryption/aws-glue-catalog-unencrypted
resource "aws_glue_data_catalog_encryption_settings" "example" {
  data_catalog_encryption_settings {
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = aws_kms_key.example.arn
    }

    connection_password_encryption {
      return_connection_password_encrypted = true
      aws_kms_key_id                       = aws_kms_key.example.arn
    }
  }
}

#: encryption/aws-athena-results-encryption-not-stated
resource "aws_athena_workgroup" "example" {
  # ...
  configuration {
    result_configuration {
      output_location = "s3://example-results/"

      encryption_configuration {
        encryption_option = "SSE_S3" # or SSE_KMS with kms_key_arn
      }
    }
  }
}

#: encryption/aws-dms-endpoint-cleartext
resource "aws_dms_endpoint" "example" {
  # ...
  ssl_mode = "require" # verify-ca and verify-full also look at the certificate
}

#: encryption/aws-dms-broker-cleartext
resource "aws_dms_endpoint" "example" {
  # ...
  engine_name = "kafka"

  kafka_settings {
    # ...
    security_protocol = "ssl-encryption"
  }
}

#: encryption/aws-elasticache-without-auth
resource "aws_elasticache_replication_group" "example" {
  # ...
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.example.id]
}

#: encryption/aws-elb-old-tls
resource "aws_load_balancer_policy" "example" {
  # ...
  policy_type_name = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}

#: encryption/aws-iot-old-tls
resource "aws_iot_domain_configuration" "example" {
  # ...
  tls_config {
    security_policy = "IoTSecurityPolicy_TLS13_1_2_2022_10"
  }
}

#: encryption/aws-transfer-cleartext
resource "aws_transfer_server" "example" {
  # ...
  protocols = ["SFTP"]
}

#: encryption/aws-kms-key-without-policy
resource "aws_kms_key_policy" "example" {
  key_id = aws_kms_key.example.id
  policy = data.aws_iam_policy_document.example.json
}

#: encryption/aws-ssm-session-*
resource "aws_ssm_document" "example" {
  # ...
  document_type   = "Session"
  document_format = "JSON"

  content = jsonencode({
    schemaVersion = "1.0"
    sessionType   = "Standard_Stream"
    inputs = {
      kmsKeyId                    = "alias/sessions"
      s3BucketName                = "example-sessions"
      s3EncryptionEnabled         = true
      cloudWatchLogGroupName      = "/sessions"
      cloudWatchEncryptionEnabled = true
    }
  })
}

#: encryption/aws-s3-bucket-encryption-not-stated
resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
  bucket = aws_s3_bucket.example.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

#: encryption/azurerm-storage-account-weak-smb
resource "azurerm_storage_account" "example" {
  # ...
  share_properties {
    smb {
      versions                = ["SMB3.0", "SMB3.1.1"]
      channel_encryption_type = ["AES-128-GCM", "AES-256-GCM"]
    }
  }
}

#: encryption/azurerm-container-registry-webhook-http
resource "azurerm_container_registry_webhook" "example" {
  # ...
  service_uri = "https://hooks.example.com/pushed"
}

#: encryption/azurerm-api-management-backend-cleartext
resource "azurerm_api_management_backend" "example" {
  # ...
  url = "https://backend.example.com"
}

#: encryption/azurerm-batch-pool-disks-unencrypted
resource "azurerm_batch_pool" "example" {
  # ...
  disk_encryption {
    disk_encryption_target = "OsDisk"
  }

  disk_encryption {
    disk_encryption_target = "TemporaryDisk"
  }
}

#: encryption/azurerm-service-fabric-nodes-cleartext
resource "azurerm_service_fabric_cluster" "example" {
  # ...
  fabric_settings {
    name = "Security"

    parameters = {
      ClusterProtectionLevel = "EncryptAndSign"
    }
  }
}

#: encryption/azurerm-vpn-weak-encryption
resource "azurerm_virtual_network_gateway_connection" "example" {
  # ...
  ipsec_policy {
    dh_group         = "ECP384"
    ike_encryption   = "GCMAES256"
    ike_integrity    = "SHA384"
    ipsec_encryption = "GCMAES256"
    ipsec_integrity  = "GCMAES256"
    pfs_group        = "ECP384"
  }
}

#: encryption/azurerm-key-vault-key-without-expiry encryption/azurerm-key-vault-key-not-rotated
resource "azurerm_key_vault_key" "example" {
  # ...
  rotation_policy {
    expire_after         = "P1Y"
    notify_before_expiry = "P30D"

    automatic {
      time_before_expiry = "P60D"
    }
  }
}

#: encryption/azurerm-key-vault-secret-*
resource "azurerm_key_vault_secret" "example" {
  # ...
  content_type    = "password of the orders database"
  expiration_date = "2030-01-01T00:00:00Z"
}

#: encryption/google-proxy-without-ssl-policy
resource "google_compute_ssl_policy" "example" {
  name            = "modern"
  min_tls_version = "TLS_1_2"
  profile         = "MODERN"
}

resource "google_compute_target_https_proxy" "example" {
  # ...
  ssl_policy = google_compute_ssl_policy.example.id
}

#: encryption/kubernetes-ingress-cleartext
resource "kubernetes_ingress_v1" "example" {
  # ...
  spec {
    # ...
    tls {
      hosts       = ["www.example.com"]
      secret_name = "www-example-com-tls"
    }
  }
}

#: encryption/kubernetes-service-load-balancer-cleartext
resource "kubernetes_service_v1" "example" {
  # ...
  metadata {
    # ...
    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-ssl-cert" = "arn:aws:acm:eu-west-1:111122223333:certificate/example"
    }
  }
}

#: encryption/aws-emr-*
resource "aws_emr_security_configuration" "example" {
  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableAtRestEncryption = true
      AtRestEncryptionConfiguration = {
        S3EncryptionConfiguration = { EncryptionMode = "SSE-S3" }
        LocalDiskEncryptionConfiguration = {
          EncryptionKeyProviderType = "AwsKms"
          AwsKmsKey                 = "arn:aws:kms:eu-west-1:111122223333:alias/emr"
          EnableEbsEncryption       = true
        }
      }
      EnableInTransitEncryption = true
      InTransitEncryptionConfiguration = {
        TLSCertificateConfiguration = {
          CertificateProviderType = "PEM"
          S3Object                = "s3://example-certificates/emr.zip"
        }
      }
    }
  })
}

resource "aws_emr_cluster" "example" {
  # ...
  security_configuration = aws_emr_security_configuration.example.name
}

#: encryption/aws-acm-weak-key
resource "aws_acm_certificate" "example" {
  # ...
  key_algorithm = "EC_prime256v1"
}

#: encryption/aws-lb-backend-cleartext
resource "aws_lb_target_group" "example" {
  # ...
  port     = 443
  protocol = "HTTPS"
}

#: encryption/google-kms-key-short-destroy
resource "google_kms_crypto_key" "example" {
  # ...
  destroy_scheduled_duration = "2592000s"
}

#: encryption/kubernetes-storage-class-without-customer-key
resource "kubernetes_storage_class_v1" "example" {
  # ...
  storage_provisioner = "ebs.csi.aws.com"

  parameters = {
    encrypted = "true"
    kmsKeyId  = "arn:aws:kms:eu-west-1:111122223333:key/example"
  }
}
