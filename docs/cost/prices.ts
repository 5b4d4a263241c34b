/**
 * List prices in US dollars, us-east-1, without free tiers, discounts and taxes, noted on `notedOn` from memory and from
 * third parties' pages. They change without a word to us: check them at `source` before you rely on a sum.
 */
export const notedOn = '2026-11-25';

export interface Price {
  readonly dollars: number;
  /** What the dollars are for. */
  readonly per: string;
  readonly source: string;
}

const lambda = 'https://aws.amazon.com/lambda/pricing/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const sns = 'https://aws.amazon.com/sns/pricing/';

export const prices = {
  lambdaGbSecond: { dollars: 0.0000133334, per: 'GB-second, arm64', source: lambda },
  lambdaRequest: { dollars: 0.2e-6, per: 'request', source: lambda },
  logIngestion: { dollars: 0.5, per: 'GB of logs taken in', source: cloudWatch },
  customMetric: { dollars: 0.3, per: 'custom metric and month, the first 10,000', source: cloudWatch },
  customMetricPast10k: { dollars: 0.1, per: 'custom metric and month, the next 240,000', source: cloudWatch },
  alarmMetric: {
    dollars: 0.1,
    per: 'metric of an alarm and month, also each that a query looks at',
    source: cloudWatch,
  },
  dashboard: { dollars: 3, per: 'dashboard and month', source: cloudWatch },
  sqsRequest: { dollars: 0.4e-6, per: 'request', source: 'https://aws.amazon.com/sqs/pricing/' },
  s3Get: { dollars: 0.4e-6, per: 'GET', source: 'https://aws.amazon.com/s3/pricing/' },
  snsPublish: { dollars: 0.5e-6, per: 'publish', source: sns },
  snsEmail: { dollars: 20e-6, per: 'e-mail', source: sns },
  tableWrite: {
    dollars: 0.625e-6,
    per: 'write of a DynamoDB table on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  stateTransition: {
    dollars: 25e-6,
    per: 'state transition of Step Functions',
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  trace: { dollars: 5e-6, per: 'trace of X-Ray', source: 'https://aws.amazon.com/xray/pricing/' },
  key: { dollars: 1, per: 'KMS key and month', source: 'https://aws.amazon.com/kms/pricing/' },
  elasticIngest: {
    dollars: 0.11,
    per: 'GB taken in, Security Analytics Complete, “as low as”',
    source: 'https://www.elastic.co/pricing/serverless-security',
  },
  elasticRetention: {
    dollars: 0.019,
    per: 'GB kept and month, “as low as”',
    source: 'https://www.elastic.co/pricing/serverless-security',
  },
  datadogIngest: {
    dollars: 0.1,
    per: 'GB taken in',
    source: 'https://www.datadoghq.com/pricing/?product=log-management',
  },
  datadogIndex: {
    dollars: 1.7,
    per: 'million events kept for 15 days, billed by the year',
    source: 'https://www.datadoghq.com/pricing/?product=log-management',
  },
} as const satisfies Record<string, Price>;
