import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { dueWindows, partitionKey } from '../../lambda/dedup/item-keys.ts';
import type { Fault, Service } from './faults.ts';

/** A message that SNS accepted. */
export interface Accepted {
  readonly topic: string;
  readonly message: string;
  readonly subject: string;
}

/** Decides what happens to the requests of one execution environment, and learns what took effect. */
export interface Client {
  /** @returns the fault of this request */
  next(service: Service): Fault | undefined;
  kill(): void;
  /** @returns a function to call once the answer has been sent */
  accepted(message: Accepted): () => void;
  object(key: string): { readonly bytes: Buffer; readonly eTag: string } | undefined;
  /** The scenario's table. */
  readonly table: string;
}

export interface LocalServices {
  /** The variables that send the requests of an execution environment here. */
  environment(instance: string): Readonly<Record<string, string>>;
  readonly clients: Map<string, Client>;
  createTable(name: string): Promise<void>;
  deleteTable(name: string): Promise<void>;
  stop(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the answer has been sent. */
  readonly sent?: () => void;
}

/**
 * SNS, S3, SQS and DynamoDB over HTTP on loopback. Each request may meet a fault of its client. DynamoDB is dynalite behind
 * a proxy; of the others there is what the function calls.
 */
export async function startLocalServices(): Promise<LocalServices> {
  const dynamo = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  const dynamoPort = await listening(dynamo);
  const clients = new Map<string, Client>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    respond(request, response, clients, dynamoPort).catch(() => response.destroy());
  });
  const port = await listening(server);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({
    ...{ region: 'eu-central-1', credentials },
    endpoint: `http://127.0.0.1:${dynamoPort}`,
  });
  return {
    clients,
    environment: (instance) => ({
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...Object.fromEntries(
        services.map((service) => [
          `AWS_ENDPOINT_URL_${service.toUpperCase()}`,
          `http://127.0.0.1:${port}/${instance}/${service}`,
        ]),
      ),
    }),
    async createTable(TableName) {
      const { indexName, partitionKey: due, sortKey } = dueWindows;
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: partitionKey, AttributeType: 'S' },
            { AttributeName: due, AttributeType: 'S' },
            { AttributeName: sortKey, AttributeType: 'N' },
          ],
          KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: indexName,
              KeySchema: [
                { AttributeName: due, KeyType: 'HASH' },
                { AttributeName: sortKey, KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
        }),
      );
      // it is active at the next turn of the event loop
      await sleep(1);
    },
    deleteTable: async (TableName) => void (await client.send(new DeleteTableCommand({ TableName }))),
    async stop() {
      client.destroy();
      for (const one of [server, dynamo]) {
        one.closeAllConnections();
        one.close();
        await once(one, 'close');
      }
    },
  };
}

const services: readonly Service[] = ['sns', 's3', 'dynamodb', 'sqs'];

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  clients: ReadonlyMap<string, Client>,
  dynamoPort: number,
): Promise<void> {
  const [, instance = '', name = '', ...path] = new URL(request.url ?? '/', 'http://local').pathname.split(
    '/',
  );
  const service = services.find((known) => known === name);
  const client = clients.get(instance);
  const body = await bodyOf(request);
  // an execution environment that was killed
  if (service === undefined || client === undefined) return void response.destroy();
  const fault = client.next(service);
  if (fault?.kind === 'kill' && !fault.applied) return client.kill();
  if (fault?.kind === 'cut') return void response.destroy();
  if (fault?.kind === 'silence' && !fault.applied) return;
  if (fault?.kind === 'error') {
    const { status, body: text } = errorOf(service, fault);
    return void response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  }
  if (fault?.kind === 'slow') await sleep(fault.ms);
  const reply = await apply(service, { request, body, path, client, dynamoPort, fault });
  if (fault?.kind === 'kill') return client.kill();
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'answer-lost') return void response.destroy();
  await send(response, reply, fault);
}

interface Call {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly path: readonly string[];
  readonly client: Client;
  readonly dynamoPort: number;
  readonly fault: Fault | undefined;
}

function apply(service: Service, call: Call): Promise<Reply> | Reply {
  switch (service) {
    case 'sns':
      return publish(call);
    case 's3':
      return getObject(call);
    case 'sqs':
      return visibility(call);
    case 'dynamodb':
      return forward(call);
  }
}

async function send(response: ServerResponse, reply: Reply, fault: Fault | undefined): Promise<void> {
  const { status, body, headers = {}, sent } = reply;
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-length': String(bytes.length), ...headers });
  const half = bytes.length >> 1;
  if (fault?.kind === 'body-cut')
    return void response.write(bytes.subarray(0, half), () => response.destroy());
  if (fault?.kind === 'body-slow') {
    for (let at = 0; at < 3 && !response.destroyed; at += 1) {
      response.write(bytes.subarray((bytes.length * at) >> 2, (bytes.length * (at + 1)) >> 2));
      await sleep(700);
    }
    return void response.end(bytes.subarray((bytes.length * 3) >> 2));
  }
  response.end(bytes, sent);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** GetQueueUrl and ChangeMessageVisibility. */
function visibility({ request }: Call): Reply {
  const {
    headers: { host = '' },
    url = '',
  } = request;
  return { status: 200, body: JSON.stringify({ QueueUrl: `http://${host}${url}` }) };
}

/** PublishBatch in SNS's query protocol. */
function publish({ body, client, fault }: Call): Reply {
  const form = new URLSearchParams(body.toString());
  const topic = form.get('TopicArn') ?? '';
  const successful: string[] = [];
  const failed: string[] = [];
  const answered: (() => void)[] = [];
  for (let index = 1; ; index += 1) {
    const field = (name: string) => form.get(`PublishBatchRequestEntries.member.${index}.${name}`);
    const id = field('Id');
    if (id === null) break;
    if (fault?.kind === 'partial' && index % 2 === 1) {
      failed.push(
        `<member><Id>${id}</Id><Code>InternalError</Code><Message>no</Message><SenderFault>${fault.senderFault}</SenderFault></member>`,
      );
      continue;
    }
    successful.push(`<member><Id>${id}</Id><MessageId>${topic}${id}</MessageId></member>`);
    answered.push(
      client.accepted({ topic, message: field('Message') ?? '', subject: field('Subject') ?? '' }),
    );
  }
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>${successful.join('')}</Successful><Failed>${failed.join('')}</Failed></PublishBatchResult></PublishBatchResponse>`,
    sent: () => {
      for (const one of answered) one();
    },
  };
}

function getObject({ request, path, client }: Call): Reply {
  const object = client.object(decodeURIComponent(path.at(-1) ?? ''));
  if (object === undefined) return errorOf('s3', { status: 404, code: 'NoSuchKey' });
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== `"${object.eTag}"`)
    return errorOf('s3', { status: 412, code: 'PreconditionFailed' });
  return { status: 200, body: object.bytes, headers: { etag: `"${object.eTag}"` } };
}

function errorOf(service: Service, { status, code }: { status: number; code: string }): Reply {
  if (service === 'dynamodb' || service === 'sqs')
    return { status, body: JSON.stringify({ __type: `com.amazonaws#${code}`, message: 'no' }) };
  const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
  return { status, body: service === 's3' ? error : `<ErrorResponse>${error}</ErrorResponse>` };
}

/** To dynalite, for the scenario's own table. */
async function forward({ request, body, client, dynamoPort }: Call): Promise<Reply> {
  const command: { TableName: string } = JSON.parse(body.toString());
  const changed = Buffer.from(JSON.stringify({ ...command, TableName: client.table }));
  const { host: _, connection: __, ...headers } = request.headers;
  const forwarded = httpRequest({
    ...{ host: '127.0.0.1', port: dynamoPort, method: 'POST', path: '/' },
    headers: { ...headers, 'content-length': changed.length },
  });
  forwarded.end(changed);
  const [answer]: IncomingMessage[] = await once(forwarded, 'response');
  if (answer === undefined) throw new Error('no answer of the table');
  return {
    status: answer.statusCode ?? 500,
    body: await bodyOf(answer),
    headers: { 'content-type': 'application/x-amz-json-1.0' },
  };
}
