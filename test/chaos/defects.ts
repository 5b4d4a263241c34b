import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { chaos } from './chaos.ts';

/** A defect in the function's source, and a run that shows it. */
export interface Defect {
  readonly name: string;
  /** Below lambda/. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** What a failure says that shows it: a busy machine may fail a run in another way. */
  readonly shows: RegExp;
  /** A run that shows it. On a busy machine it may meet other faults, and a later run shows it. */
  readonly seed: number;
  /** Nearly every run shows it, so that each test run can try it. */
  readonly isObvious?: true;
}

export const defects: readonly Defect[] = [
  {
    name: 'a failed message is not returned to the queue',
    file: 'handler.ts',
    from: '!result.ok && result.retry && messageId !== undefined',
    to: 'result.ok && messageId !== undefined && false',
    shows: /^lost/,
    seed: 24,
    isObvious: true,
  },
  {
    name: 'an asynchronous invocation that failed does not throw',
    file: 'handler.ts',
    from: 'throwIfAny(results.flatMap(({ result }) => (!result.ok && result.retry ? [result.reason] : [])));',
    to: '',
    shows: /^lost/,
    seed: 15,
  },
  {
    name: 'entries that failed are not sent again',
    file: 'alerts/publishing/publish-batch.ts',
    from: 'const attempts = 3',
    to: 'const attempts = 1',
    shows: / failed with .*InternalError/,
    seed: 20,
  },
  {
    name: 'a claim is not released',
    file: 'alerts/publishing/publish-findings.ts',
    from: 'reason }, dedup.release)',
    to: 'reason }, async () => ({ ok: true }))',
    shows: /another invocation is sending/,
    seed: 101,
  },
  {
    name: 'a claim is unconditional',
    file: 'dedup/dynamodb-table.ts',
    from: 'ConditionExpression: freeToClaim,',
    to: "ConditionExpression: ':nowSeconds < :nowMs',",
    shows: / times on /,
    seed: 12,
  },
  {
    name: 'a sent alert is not marked',
    file: 'alerts/publishing/publish-findings.ts',
    from: "{ result: 'sent' },\n        dedup.markSent",
    to: "{ result: 'sent' },\n        async () => ({ ok: true })",
    shows: / times on |another invocation is sending/,
    seed: 10,
    isObvious: true,
  },
  {
    name: 'another invocation is trusted to send an alert',
    file: 'pipeline.ts',
    from: 'if (outbox.leasedElsewhere > 0)',
    to: 'if (outbox.leasedElsewhere < 0)',
    shows: /^lost/,
    seed: 73,
  },
  {
    name: 'an alert is not sent while the table fails',
    file: 'alerts/publishing/claim-alerts.ts',
    from: "claim?.kind === 'claimed' || claim?.kind === 'unknown' ||",
    to: "claim?.kind === 'claimed' ||",
    shows: /^lost/,
    seed: 8,
  },
  {
    name: 'a lease never expires',
    file: 'dedup/dynamodb-table.ts',
    from: 'leaseExpiresMs <= :nowMs)',
    to: 'leaseExpiresMs < :nowMs AND :nowMs < :nowSeconds)',
    shows: /another invocation is sending/,
    seed: 18,
  },
  {
    name: 'an overwritten object is read',
    file: 'triggers/s3-opener.ts',
    from: 'eTag ? { IfMatch',
    to: 'false ? { IfMatch',
    shows: /without a report/,
    seed: 15,
  },
  {
    name: 'a summary that SNS refused counts as sent',
    file: 'alerts/publishing/publish-summaries.ts',
    from: 'await windows.returnSummary(key, nowMs)',
    to: 'await windows.finishSummary(key)',
    shows: /^lost on text/,
    seed: 76,
  },
  {
    name: 'events of a storm are not rolled up',
    file: 'dedup/dynamodb-windows.ts',
    from: 'const all = rolledUp ? mergedEvents(rolledUp, events) : events;',
    to: 'if (endsMs > 0) return Promise.resolve(true);\n      const all = rolledUp ? mergedEvents(rolledUp, events) : events;',
    shows: /^lost on text/,
    seed: 9,
  },
  {
    name: 'a write to a storm whose answer was lost is not recognized',
    file: 'dedup/dynamodb-windows.ts',
    from: 'held || (await itemOf(key))?.[name]?.S === id',
    to: 'held',
    shows: /^late on text/,
    seed: 308,
  },
  {
    name: 'an issuance whose certificate could not be stored is acknowledged',
    file: 'follow/delivery-follower.ts',
    from: "this.fail('write', added.reason);\n        this.failures.push(",
    to: "this.fail('write', added.reason);\n        void (",
    shows: /is not followed/,
    seed: 572,
  },
  {
    name: 'a delivery is not read again for the certificates that it issued',
    file: 'follow/delivery-follower.ts',
    from: 'return this.issued.size > 0;',
    to: 'return this.issued.size > 1_000;',
    shows: /^lost on json/,
    seed: 16,
  },
];

/** The first run that shows the defect, and how; nothing if none does. */
export async function caught(
  defect: Defect,
  runs: number,
  lanes: number,
): Promise<{ readonly seed: number; readonly fault: string } | undefined> {
  const seeds = Array.from({ length: runs }, (_, index) => defect.seed + index);
  const isShown = (fault: string) => defect.shows.test(fault);
  const { failures } = await chaos({ seeds, lanes, plugin: withDefect(defect), until: isShown });
  return failures.flatMap(({ seed, faults }) => {
    const fault = faults.find(isShown);
    return fault === undefined ? [] : [{ seed, fault }];
  })[0];
}

/** Puts the defect into the bundle. @throws if the source has changed, so that the defect does not fit any more */
function withDefect({ name, file, from, to }: Defect): Plugin {
  return {
    name,
    setup(build) {
      build.onLoad({ filter: new RegExp(`/lambda/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${path} does not contain ${from}`);
        return { contents: text.replace(from, to), loader: 'ts' };
      });
    },
  };
}
