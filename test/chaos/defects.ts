import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** A defect in the function's source, and a run that shows it. */
export interface Defect {
  readonly name: string;
  /** Below lambda/. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
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
    seed: 5,
    isObvious: true,
  },
  {
    name: 'an asynchronous invocation that failed does not throw',
    file: 'handler.ts',
    from: 'throwIfAny(results.flatMap(({ result }) => (!result.ok && result.retry ? [result.reason] : [])));',
    to: '',
    seed: 60,
  },
  {
    name: 'entries that failed are not sent again',
    file: 'alerts/publishing/publish-batch.ts',
    from: 'const attempts = 3',
    to: 'const attempts = 1',
    seed: 384,
  },
  {
    name: 'a claim is not released',
    file: 'alerts/publishing/publish-findings.ts',
    from: 'reason }, dedup.release)',
    to: 'reason }, async () => ({ ok: true }))',
    seed: 98,
  },
  {
    name: 'a claim is unconditional',
    file: 'dedup/dynamodb-table.ts',
    from: 'ConditionExpression: freeToClaim,',
    to: "ConditionExpression: ':nowSeconds < :nowMs',",
    seed: 1,
    isObvious: true,
  },
  {
    name: 'a sent alert is not marked',
    file: 'alerts/publishing/publish-findings.ts',
    from: "{ result: 'sent' },\n        dedup.markSent",
    to: "{ result: 'sent' },\n        async () => ({ ok: true })",
    seed: 7,
    isObvious: true,
  },
  {
    name: 'another invocation is trusted to send an alert',
    file: 'pipeline.ts',
    from: 'if (outbox.leasedElsewhere > 0)',
    to: 'if (outbox.leasedElsewhere < 0)',
    seed: 1,
  },
  {
    name: 'an alert is not sent while the table fails',
    file: 'alerts/publishing/publish-findings.ts',
    from: "claim?.kind === 'claimed' || claim?.kind === 'unknown'",
    to: "claim?.kind === 'claimed'",
    seed: 1,
  },
  {
    name: 'a lease never expires',
    file: 'dedup/dynamodb-table.ts',
    from: 'leaseExpiresMs <= :nowMs)',
    to: 'leaseExpiresMs < :nowMs AND :nowMs < :nowSeconds)',
    seed: 1,
  },
  {
    name: 'an overwritten object is read',
    file: 'triggers/s3-opener.ts',
    from: 'eTag ? { IfMatch',
    to: 'false ? { IfMatch',
    seed: 1,
  },
  {
    name: 'a summary that SNS refused counts as sent',
    file: 'alerts/publishing/publish-summaries.ts',
    from: 'await windows.returnSummary(key, nowMs)',
    to: 'await windows.finishSummary(key)',
    seed: 1,
  },
];

/** Puts the defect into the bundle. @throws if the source has changed, so that the defect does not fit any more */
export function withDefect({ name, file, from, to }: Defect): Plugin {
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
