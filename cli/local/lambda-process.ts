// Runs the bundle as Lambda would: in its own process, with its environment and nothing else.
import { namedMessageOf } from '../../lambda/message-of.ts';

const entry = process.argv[2];
if (entry === undefined || process.send === undefined)
  throw new Error('started without a bundle or a parent');
const reply = process.send.bind(process);

interface Request {
  readonly id: number;
  readonly event: unknown;
  readonly timeoutMs: number;
}

const { handler } = (await import(entry)) as {
  handler: (event: unknown, context: object) => Promise<unknown>;
};
process.on('message', async ({ id, event, timeoutMs }: Request) => {
  const untilMs = Date.now() + timeoutMs;
  try {
    const context = { awsRequestId: `local-${id}`, getRemainingTimeInMillis: () => untilMs - Date.now() };
    reply({ id, ok: true, result: await handler(event, context) });
  } catch (error) {
    reply({
      id,
      ok: false,
      message: namedMessageOf(error),
    });
  }
});
reply({ ready: true });
