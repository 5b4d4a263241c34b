import type { IncomingMessage } from 'node:http';
import type { Fault, Service } from './faults.ts';
import type { Client } from './local-services.ts';

/** A message that SNS accepted. */
export interface Accepted {
  readonly topic: string;
  readonly message: string;
  readonly subject: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the answer has been sent. */
  readonly sent?: () => void;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly path: readonly string[];
  readonly client: Client;
  readonly fault: Fault | undefined;
}

/** GetQueueUrl and ChangeMessageVisibility. */
export function visibility({ request }: Call): Reply {
  const {
    headers: { host = '' },
    url = '',
  } = request;
  return { status: 200, body: JSON.stringify({ QueueUrl: `http://${host}${url}` }) };
}

/** PublishBatch in SNS's query protocol. */
export function publish({ body, client, fault }: Call): Reply {
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

export function getObject({ request, path, client }: Call): Reply {
  const object = client.object(decodeURIComponent(path.at(-1) ?? ''));
  if (object === undefined) return errorOf('s3', { status: 404, code: 'NoSuchKey' });
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== `"${object.eTag}"`)
    return errorOf('s3', { status: 412, code: 'PreconditionFailed' });
  return { status: 200, body: object.bytes, headers: { etag: `"${object.eTag}"` } };
}

export function errorOf(service: Service, { status, code }: { status: number; code: string }): Reply {
  if (service !== 'sns' && service !== 's3')
    return { status, body: JSON.stringify({ __type: `com.amazonaws#${code}`, message: 'no' }) };
  const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
  return { status, body: service === 's3' ? error : `<ErrorResponse>${error}</ErrorResponse>` };
}
