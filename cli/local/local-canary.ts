import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueInbox } from '../../lambda/canary/canary-sources.ts';
import { type CanaryOptions, type CanaryResult, runCanary } from '../../lambda/canary/run-canary.ts';
import { drainQueue, dropObject, sendThroughLogs } from './local-sources.ts';
import { startLocalStack } from './topology.ts';

/** The canary on the local AWS: the same event and the same wait, through both sources. */
export async function runLocalCanary(options: CanaryOptions): Promise<CanaryResult[]> {
  const stack = await startLocalStack();
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-canary-'));
  const file = join(folder, 'event.ndjson');
  try {
    const logs = {
      name: `log group ${stack.logsSource.logGroup}`,
      async send(event: string) {
        writeFileSync(file, `${event}\n`);
        refuse((await sendThroughLogs(file, stack.logsSource)).failures);
      },
    };
    const objects = {
      name: `bucket ${stack.s3Source.bucket}`,
      async send(event: string) {
        writeFileSync(file, `${event}\n`);
        await dropObject(file, stack.s3Source);
        refuse((await drainQueue(stack.s3Source)).failures);
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
