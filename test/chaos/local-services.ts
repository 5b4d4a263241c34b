import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { listening } from '../loopback-server.ts';
import type { Fault, Service } from './faults.ts';
import type { Refusal } from './history.ts';
import { type ScenarioTables, startScenarioTables, tableOf } from './scenario-tables.ts';
import {
  type Accepted,
  type Call,
  errorOf,
  getObject,
  publish,
  type Reply,
  visibility,
} from './service-replies.ts';

/** Decides what happens to the requests of one execution environment, and learns what took effect. */
export interface Client {
  /** @returns the fault of this request */
  next(service: Service): Fault | undefined;
  kill(): void;
  /** @returns a function to call once the answer has been sent */
  accepted(message: Accepted): () => void;
  refused(refusal: Refusal): void;
  object(key: string): { readonly bytes: Buffer; readonly eTag: string } | undefined;
  /** The watch list holds the certificate. */
  followed(certificate: string): void;
  /** Begins the names of its tables. */
  readonly scenario: string;
  /** Its time. The SDK takes another time in an answer for a wrong clock, and repeats the request. */
  now(): number;
}

export interface LocalServices {
  /** The variables that send the requests of an execution environment here. */
  environment(instance: string): Readonly<Record<string, string>>;
  readonly clients: Map<string, Client>;
  readonly tables: Pick<ScenarioTables, 'create' | 'remove'>;
  stop(): Promise<void>;
}

const endpoints = ['sns', 's3', 'dynamodb', 'sqs'] as const;
type Endpoint = (typeof endpoints)[number];

/** SNS, S3, SQS and DynamoDB over HTTP on loopback. Each request may meet a fault of its client. */
export async function startLocalServices(): Promise<LocalServices> {
  const tables = await startScenarioTables();
  const clients = new Map<string, Client>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    respond(request, response, clients, tables).catch(() => response.destroy());
  });
  const { url, stop } = await listening(server);
  return {
    clients,
    tables,
    environment: (instance) => ({
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...Object.fromEntries(
        endpoints.map((endpoint) => [
          `AWS_ENDPOINT_URL_${endpoint.toUpperCase()}`,
          `${url}/${instance}/${endpoint}`,
        ]),
      ),
    }),
    async stop() {
      await stop();
      await tables.stop();
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  clients: ReadonlyMap<string, Client>,
  tables: ScenarioTables,
): Promise<void> {
  const [, instance = '', name = '', ...path] = new URL(request.url ?? '/', 'http://local').pathname.split(
    '/',
  );
  const endpoint = endpoints.find((known) => known === name);
  const client = clients.get(instance);
  const body = await buffer(request);
  // an execution environment that was killed
  if (endpoint === undefined || client === undefined) return void response.destroy();
  response.setHeader('date', new Date(client.now()).toUTCString());
  const service = endpoint === 'dynamodb' ? tableOf(body) : endpoint;
  const fault = client.next(service);
  if (fault?.kind === 'kill' && !fault.applied) return client.kill();
  if (fault?.kind === 'cut') return void response.destroy();
  if (fault?.kind === 'silence' && !fault.applied) return;
  if (fault?.kind === 'error') {
    const { status, body: text } = errorOf(service, fault);
    return void response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  }
  if (fault?.kind === 'slow') await sleep(fault.ms);
  const reply = await apply(endpoint, { request, body, path, client, fault }, tables);
  const refusal = refusalOf(service, request, reply);
  if (refusal) client.refused(refusal);
  if (fault?.kind === 'kill') return client.kill();
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'answer-lost') return void response.destroy();
  await send(response, reply, fault);
}

function apply(endpoint: Endpoint, call: Call, tables: ScenarioTables): Promise<Reply> | Reply {
  switch (endpoint) {
    case 'sns':
      return publish(call);
    case 's3':
      return getObject(call);
    case 'sqs':
      return visibility(call);
    case 'dynamodb':
      return tables.forward(call);
  }
}

function refusalOf(service: Service, request: IncomingMessage, { status, body }: Reply): Refusal | undefined {
  if (service === 's3') return status === 412 ? 'overwritten' : undefined;
  if (service !== 'dedup' && service !== 'watch') return undefined;
  if (status !== 400 || !body.includes('ConditionalCheckFailedException')) return undefined;
  const isRepeated = !String(request.headers['amz-sdk-request']).startsWith('attempt=1;');
  return isRepeated ? `repeated condition of ${service}` : `condition of ${service}`;
}

async function send(response: ServerResponse, reply: Reply, fault: Fault | undefined): Promise<void> {
  const { status, body, headers = {}, sent } = reply;
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-length': String(bytes.length), ...headers });
  const half = bytes.length >> 1;
  if (fault?.kind === 'answer-cut')
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
