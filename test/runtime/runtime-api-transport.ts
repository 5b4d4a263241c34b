// What the runtime interface client has compiled from C++: the calls of Lambda's Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const base = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation`;

/** The client reports a result without waiting for it; the next invocation is asked for after it. */
let reported: Promise<unknown> = Promise.resolve();

/** Waits for the next invocation. */
export async function next() {
  await reported;
  const response = await fetch(`${base}/next`);
  return { bodyJson: await response.text(), headers: Object.fromEntries(response.headers) };
}

export function done(id: string, body: string): void {
  report(`${id}/response`, body, {});
}

export function error(id: string, body: string, xrayCause: string): void {
  report(`${id}/error`, body, {
    'Lambda-Runtime-Function-Error-Type': JSON.parse(body).errorType,
    'Lambda-Runtime-Function-XRay-Error-Cause': xrayCause,
  });
}

function report(path: string, body: string, headers: Record<string, string>): void {
  reported = fetch(`${base}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  }).then((response) => response.arrayBuffer());
}
