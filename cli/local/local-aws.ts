import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { startDynamoDb } from './dynamodb.ts';
import { type Physical, resolve, resourcesOf, type Template, type Values } from './template.ts';

const region = 'eu-central-1';
const account = '000000000000';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** S3, SQS, SNS and DynamoDB on loopback, with the topology of a template in them. */
export interface LocalAws {
  readonly region: string;
  readonly account: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly values: Values;
  /** The variables that make a function use this AWS and no other. */
  readonly environment: Readonly<Record<string, string>>;
  /** A queue subscribed to a topic. @returns its URL */
  subscribeQueue(topicArn: string, name: string): Promise<string>;
  queueUrl(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the local AWS and makes the template's buckets, queues, topics and tables in it. */
export async function startLocalAws(template: Template): Promise<LocalAws> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: region });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = { region, endpoint, credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);
  const dynamoDb = await startDynamoDb(template, { region, account, credentials });
  const resources = new Map<string, Physical>(dynamoDb.tables);

  for (const [id] of resourcesOf(template, 'AWS::S3::Bucket')) {
    const name = id.toLowerCase();
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    resources.set(id, { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } });
  }
  for (const [id] of resourcesOf(template, 'AWS::SQS::Queue')) {
    const url = await createQueue(sqs, id);
    const attributes = { Arn: arnOf('sqs', id), QueueName: id };
    resources.set(id, { ref: url, attributes });
  }
  for (const [id] of resourcesOf(template, 'AWS::SNS::Topic')) {
    const { TopicArn: arn = '' } = await sns.send(new CreateTopicCommand({ Name: id }));
    resources.set(id, { ref: arn, attributes: { TopicArn: arn, TopicName: id } });
  }
  const values: Values = { region, account, resources };
  for (const [, { Properties: properties = {} }] of resourcesOf(template, 'AWS::SNS::Subscription')) {
    await sns.send(
      new SubscribeCommand({
        TopicArn: String(resolve(properties['TopicArn'], values)),
        Protocol: String(properties['Protocol']),
        Endpoint: String(resolve(properties['Endpoint'], values)),
        Attributes: subscriptionAttributes(properties),
      }),
    );
  }
  return {
    region,
    account,
    s3,
    sqs,
    dynamoDb: dynamoDb.client,
    values,
    environment: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
      // the local table is slower than DynamoDB on a busy machine
      CSRWATCH_TABLE_TIMEOUT_MS: '30000',
      // there is no instance metadata service to ask for credentials
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async subscribeQueue(topicArn, name) {
      const url = await createQueue(sqs, name);
      await sns.send(
        new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arnOf('sqs', name) }),
      );
      return url;
    },
    queueUrl: async (name) => resources.get(name)?.ref ?? '',
    stop: async () => {
      for (const open of [s3, sqs, sns]) open.destroy();
      await dynamoDb.stop();
      await server.stop();
    },
  };
}

/** The properties of a subscription that the local SNS supports, as attributes of its API. */
function subscriptionAttributes(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const { RawMessageDelivery: raw, FilterPolicy: policy } = properties;
  return {
    ...(raw === undefined ? {} : { RawMessageDelivery: String(raw) }),
    ...(policy === undefined ? {} : { FilterPolicy: JSON.stringify(policy) }),
  };
}

async function createQueue(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return url;
}

function arnOf(service: string, name: string): string {
  return `arn:aws:${service}:${region}:${account}:${name}`;
}
