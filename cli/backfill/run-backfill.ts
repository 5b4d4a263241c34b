import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { formatVersion } from '../../lambda/format-version.ts';

export interface BackfillRun {
  readonly stateMachineArn: string;
  readonly bucket: string;
  /** `''`: every key. */
  readonly prefix: string;
  /** The objects that are read at the same time. */
  readonly concurrency: number;
  /** 0 to 100. */
  readonly toleratedFailurePercentage: number;
  /** Whether findings are published; the results contain them in any case. */
  readonly alerts: boolean;
}

/** Objects, as Step Functions counts them. */
export interface Progress {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

export interface BackfillEnd {
  /** `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`. */
  readonly status: string;
  readonly progress: Progress;
  /** The error and cause that Step Functions reports. */
  readonly cause?: string;
}

/** @returns the ARN of the execution */
export async function startBackfill(
  sfn: SFNClient,
  { stateMachineArn, ...input }: BackfillRun,
): Promise<string> {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ formatVersion, ...input }) }),
  );
  return executionArn;
}

/** Polls the execution until it has ended. */
export async function followBackfill(
  sfn: SFNClient,
  executionArn: string,
  { show, pollMs }: { readonly show: (progress: Progress) => void; readonly pollMs: number },
): Promise<BackfillEnd> {
  for (;;) {
    const {
      status = 'RUNNING',
      error,
      cause,
    } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const progress = await progressOf(sfn, executionArn);
    show(progress);
    if (status !== 'RUNNING' && status !== 'PENDING_REDRIVE') {
      const reason = [error, cause].filter((text) => text !== undefined).join(': ');
      return { status, progress, ...(reason === '' ? {} : { cause: reason }) };
    }
    await sleep(pollMs);
  }
}

/** There is no map run until the objects are listed. */
async function progressOf(sfn: SFNClient, executionArn: string): Promise<Progress> {
  const { mapRuns: [run] = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  if (run?.mapRunArn === undefined) return { total: 0, pending: 0, running: 0, succeeded: 0, failed: 0 };
  const { itemCounts } = await sfn.send(new DescribeMapRunCommand({ mapRunArn: run.mapRunArn }));
  return {
    total: itemCounts?.total ?? 0,
    pending: itemCounts?.pending ?? 0,
    running: itemCounts?.running ?? 0,
    succeeded: itemCounts?.succeeded ?? 0,
    failed: (itemCounts?.failed ?? 0) + (itemCounts?.timedOut ?? 0) + (itemCounts?.aborted ?? 0),
  };
}
