# Deploys csrwatch for one EKS cluster. This folder must contain template.json and csrwatch.zip of a release.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "cluster_name" {
  type        = string
  description = "The EKS cluster, with audit logging on."
}

variable "email" {
  type        = string
  description = "The e-mail address for alerts, and for alarms about csrwatch itself."
}

variable "bucket" {
  type        = string
  description = "A bucket in the cluster's region, for the code and the template."
}

resource "aws_s3_object" "code" {
  bucket = var.bucket
  key    = "csrwatch/${filesha256("${path.module}/csrwatch.zip")}.zip"
  source = "${path.module}/csrwatch.zip"
}

resource "aws_s3_object" "template" {
  bucket = var.bucket
  key    = "csrwatch/${filesha256("${path.module}/template.json")}.json"
  source = "${path.module}/template.json"
}

data "aws_s3_bucket" "files" {
  bucket = var.bucket
}

resource "aws_cloudformation_stack" "csrwatch" {
  name         = "csrwatch"
  template_url = "https://${data.aws_s3_bucket.files.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM"]
  tags         = { application = "csrwatch" }

  parameters = {
    ClusterName = var.cluster_name
    Email       = var.email
    CodeBucket  = var.bucket
    CodeKey     = aws_s3_object.code.key
  }
}

output "alerts_topic_arn" {
  value = aws_cloudformation_stack.csrwatch.outputs["AlertsTopic"]
}
