import { createServer } from 'node:http';
import { listening } from './loopback-server.ts';

export interface Call {
  /** The operation that an AWS SDK calls: `X-Amz-Target` without its prefix, else the path. */
  readonly operation: string;
  readonly body: unknown;
}

/** A service over HTTP that has no local counterpart: it answers an SDK's calls and remembers them. */
export async function startJsonService(
  answer: (call: Call) => object,
  headers: Readonly<Record<string, string>> = {},
) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const target = String(request.headers['x-amz-target'] ?? '');
      const call = {
        operation: target.split('.').at(-1) || (request.url ?? ''),
        body: JSON.parse(text || '{}'),
      };
      calls.push(call);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answer(call)));
    });
  });
  const { url, stop } = await listening(server);
  return {
    calls,
    client: {
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    },
    stop,
  };
}
