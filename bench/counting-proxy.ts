import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listening } from '../test/loopback-server.ts';

/** A call of an AWS API that passed. */
export interface Call {
  /** `PublishBatch`, `UpdateItem`. */
  readonly operation: string;
  /** When the request was complete, as `performance.now()`. */
  readonly atMs: number;
  readonly body: string;
}

export interface CountingProxy {
  readonly endpoint: string;
  /** All calls since the last `take`. */
  take(): Call[];
  close(): Promise<void>;
}

/** Passes requests to the local AWS, and keeps what was called and when. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let calls: Call[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, url: path, headers } = incoming;
    // objects are read by GET
    if (method === 'POST') {
      const text = body.toString('latin1');
      const named = String(headers['x-amz-target'] ?? '').split('.')[1] ?? /\bAction=(\w+)/.exec(text)?.[1];
      calls.push({ operation: named ?? 'unknown', atMs: performance.now(), body: text });
    }
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  const { url, stop } = await listening(server);
  return {
    endpoint: url,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: stop,
  };
}
