import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueInbox } from '../../lambda/canary/canary-sources.ts';
import { type CanaryOptions, type CanaryResult, runCanary } from '../../lambda/canary/run-canary.ts';
import { drainQueue, dropObject, sendThroughLogs } from './local-sources.ts';
import { startLocalStack } from './topology.ts';

/** The canary on the local AWS: the same event and the same wait, down both roads. */
export async function runLocalCanary(options: CanaryOptions): Promise<CanaryResult[]> {
  const stack = await startLocalStack();
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-canary-'));
  const file = join(folder, 'event.ndjson');
  try {
    const logs = {
      name: `log group ${stack.logsRoad.logGroup}`,
      async send(event: string) {
        writeFileSync(file, `${event}\n`);
        refuse((await sendThroughLogs(file, stack.logsRoad)).failures);
      },
    };
    const objects = {
      name: `bucket ${stack.objectsRoad.bucket}`,
      async send(event: string) {
        writeFileSync(file, `${event}\n`);
        await dropObject(file, stack.objectsRoad);
        refuse((await drainQueue(stack.objectsRoad)).failures);
      },
    };
    return await runCanary([logs, objects], queueInbox(stack.canaryQueueUrl, stack.aws.sqs), options);
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuse(failures: readonly string[]): void {
  if (failures.length > 0) throw new Error(failures.join('; '));
}
