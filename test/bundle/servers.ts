import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { listening, type RunningServer } from '../loopback-server.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An HTTP server that computes its response from the body of each request. */
export function answering(answer: (body: string, request: IncomingMessage) => Promise<Answer> | Answer) {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { status, body } = await answer(Buffer.concat(parts).toString(), request);
    response.writeHead(status, { 'content-type': request.headers['content-type'] ?? 'text/plain' }).end(body);
  };
  // a client that was killed in between is no failure of the test
  return listening(createServer((request, response) => void respond(request, response).catch(() => {})));
}

/** A proxy of a service: if `intercept` returns a response, the service is not called. */
export function before(
  target: string,
  intercept: (body: string) => Promise<Answer | undefined> | Answer | undefined,
): Promise<RunningServer> {
  return answering(async (body, { method = 'POST', url = '/', headers }) => {
    const instead = await intercept(body);
    if (instead) return instead;
    const passed = await fetch(new URL(url, target), { method, headers: headersOf(headers), body });
    return { status: passed.status, body: await passed.text() };
  });
}

/** S3 whose object `endless.ndjson` begins with a text and never ends; every other request goes to `target`. */
export function endlessObjects(target: string, beginning: string): Promise<RunningServer> {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '/', headers } = request;
    if (url.includes('endless.ndjson')) {
      response.writeHead(200, { 'content-length': '1000000', etag: '"endless"' }).write(beginning);
      return;
    }
    const passed = await fetch(new URL(url, target), { headers: headersOf(headers) });
    const body = Buffer.from(await passed.arrayBuffer());
    response.writeHead(passed.status, { etag: passed.headers.get('etag') ?? '' }).end(body);
  };
  return listening(createServer((request, response) => void respond(request, response).catch(() => {})));
}

/** Accepts connections and sends nothing, or only the beginning of a response. */
export function silent(beginning = ''): Promise<RunningServer> {
  return listening(createTcpServer((socket) => void socket.on('error', () => {}).write(beginning)));
}

/** The address of a server that is down. */
export async function down(): Promise<string> {
  const server = await silent();
  await server.stop();
  return server.url;
}

/** The headers that a forwarded request keeps. */
function headersOf(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    ['host', 'connection', 'content-length'].includes(name) || value === undefined
      ? []
      : [[name, String(value)]],
  );
}
