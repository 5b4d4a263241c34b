import { createServer } from 'node:http';
import { listening } from '../loopback-server.ts';

/** A DynamoDB that loses answers. */
export interface LossyDynamoDb {
  readonly endpoint: string;
  /** The answer of the n-th write that contains the text is lost: the write takes effect, and its connection is cut. */
  lose(text: string, nth: number): void;
  /** How many writes contained the text since `lose`. */
  writes(text: string): number;
  stop(): Promise<void>;
}

/** Passes requests on to the endpoint. */
export async function startLossyDynamoDb(endpoint: () => string): Promise<LossyDynamoDb> {
  const losses = new Map<string, { readonly nth: number; writes: number }>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const sent = headers.filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = await fetch(endpoint(), { method: 'POST', headers: sent, body });
    const answered = Buffer.from(await answer.arrayBuffer());
    if (/\.(?:Put|Update|Delete)Item$/.test(String(request.headers['x-amz-target']))) {
      for (const [text, loss] of losses) {
        if (!body.includes(text)) continue;
        loss.writes += 1;
        if (loss.writes === loss.nth) return void response.destroy();
      }
    }
    response.writeHead(answer.status).end(answered);
  });
  const { url, stop } = await listening(server);
  return {
    endpoint: url,
    lose: (text, nth) => void losses.set(text, { nth, writes: 0 }),
    writes: (text) => losses.get(text)?.writes ?? 0,
    stop,
  };
}
