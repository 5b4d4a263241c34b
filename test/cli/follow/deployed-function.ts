import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { listening } from '../../loopback-server.ts';

const command = fileURLToPath(new URL('../../../cli/csrwatch.js', import.meta.url));

/** How the function answers an invocation; `throws` as Lambda reports an error of the handler. */
export type Invoked = { readonly result: unknown } | { readonly throws: string };

/**
 * CloudFormation and Lambda over HTTP, with one stack and its function, which have no local counterpart.
 * @param outputs - of the stack
 */
export async function startDeployedFunction(
  outputs: Readonly<Record<string, string>>,
  invoke: (payload: unknown) => Promise<Invoked> | Invoked,
) {
  const invocations: { readonly path: string; readonly payload: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url === '/') {
      const stack = new URLSearchParams(body).get('StackName') ?? '';
      if (stack !== 'csrwatch') response.statusCode = 400;
      response.end(stack === 'csrwatch' ? describedStack(outputs) : noStack);
      return;
    }
    const payload: unknown = JSON.parse(body);
    invocations.push({ path: request.url ?? '', payload });
    const invoked = await invoke(payload);
    if ('throws' in invoked) response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(JSON.stringify('throws' in invoked ? { errorMessage: invoked.throws } : invoked.result));
  });
  const { url, stop } = await listening(server);
  return {
    invocations,
    /** Runs `csrwatch follow` with the credentials of this account. */
    async follow(...args: string[]) {
      const child = spawn(process.execPath, [command, 'follow', ...args], {
        env: {
          PATH: process.env['PATH'],
          AWS_ENDPOINT_URL: url,
          AWS_REGION: 'eu-central-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
        },
      });
      child.stdin.end();
      const status = new Promise((resolve) => child.on('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { stdout, stderr, status: await status };
    },
    stop,
  };
}

const namespace = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';

function describedStack(outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return (
    `<DescribeStacksResponse ${namespace}><DescribeStacksResult><Stacks><member><StackName>csrwatch</StackName>` +
    `<StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-27T00:00:00Z</CreationTime>` +
    `<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
  );
}

const noStack = `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>`;
