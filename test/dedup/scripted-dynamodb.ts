import { createServer } from 'node:http';
import { vi } from 'vitest';
import { listening } from '../loopback-server.ts';

type Request = readonly [operation: string, parameters: Record<string, unknown>];

/** What is answered: an error by its name, a response, which may depend on the requests so far, or nothing at all. */
export type Answer =
  | { readonly error: string }
  | { readonly response: unknown | ((requests: readonly Request[]) => unknown) }
  | 'silence';

export interface ScriptedDynamoDb {
  /** The operation of each request, and its parameters. */
  readonly requests: Request[];
  stop(): Promise<void>;
}

/** A DynamoDB that gives these answers in turn. The SDK finds it by its environment. */
export async function scriptDynamoDb(answers: readonly Answer[]): Promise<ScriptedDynamoDb> {
  const requests: ScriptedDynamoDb['requests'] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const answer = answers[requests.length] ?? { error: 'NoAnswerIsLeft' };
    requests.push([operation, JSON.parse(Buffer.concat(parts).toString())]);
    if (answer === 'silence') return;
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    if ('error' in answer) {
      const body = { __type: `com.amazonaws.dynamodb.v20120810#${answer.error}`, message: answer.error };
      return void response.writeHead(400, headers).end(JSON.stringify(body));
    }
    const content = typeof answer.response === 'function' ? answer.response(requests) : answer.response;
    response.writeHead(200, headers).end(JSON.stringify(content));
  });
  const { url, stop } = await listening(server);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url);
  return {
    requests,
    async stop() {
      vi.unstubAllEnvs();
      await stop();
    },
  };
}
