import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { followBackfill, type Progress, startBackfill } from '../../cli/backfill/run-backfill.ts';
import { type Call, startJsonService } from '../json-service.ts';

const stateMachineArn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:Backfill';
const executionArn = 'arn:aws:states:eu-central-1:111122223333:execution:Backfill:1';

/** Step Functions has no local counterpart: what it answers, look after look, as its API documents it. */
async function stepFunctions(looks: readonly { status: string; cause?: string; counts?: object }[]) {
  let look = 0;
  const answer = ({ operation }: Call): object => {
    switch (operation) {
      case 'StartExecution':
        return { executionArn, startDate: 1 };
      case 'DescribeExecution': {
        const { status, cause } = looks[look] ?? {};
        return {
          executionArn,
          stateMachineArn,
          status,
          startDate: 1,
          ...(cause ? { cause, error: 'States.X' } : {}),
        };
      }
      case 'ListMapRuns':
        return {
          mapRuns: looks[look]?.counts
            ? [{ mapRunArn: 'map', executionArn, stateMachineArn, startDate: 1 }]
            : [],
        };
      default:
        return { itemCounts: looks[look]?.counts };
    }
  };
  const service = await startJsonService((call) => {
    const answered = answer(call);
    const isLast =
      call.operation === 'DescribeMapRun' || (call.operation === 'ListMapRuns' && !looks[look]?.counts);
    if (isLast) look += 1;
    return answered;
  });
  return { ...service, sfn: new SFNClient(service.client) };
}

test('a run is started with what the state machine reads', async () => {
  const { sfn, calls, stop } = await stepFunctions([]);
  const input = {
    bucket: 'logs',
    prefix: '2026/',
    concurrency: 7,
    toleratedFailurePercentage: 5,
    alerts: false,
  };
  expect(await startBackfill(sfn, { stateMachineArn, ...input })).toBe(executionArn);
  sfn.destroy();
  await stop();
  const [call] = calls;
  expect(call?.operation).toBe('StartExecution');
  expect(call?.body).toMatchObject({
    stateMachineArn,
    input: JSON.stringify({ formatVersion: 1, ...input }),
  });
});

test('a run is followed to its end, and its progress shown', async () => {
  const counts = { total: 10, pending: 3, running: 2, succeeded: 4, failed: 1, timedOut: 0, aborted: 0 };
  const ended = { ...counts, pending: 0, running: 0, succeeded: 8, aborted: 1 };
  const { sfn, stop } = await stepFunctions([
    { status: 'RUNNING' },
    { status: 'RUNNING', counts },
    { status: 'FAILED', cause: 'too many failures', counts: ended },
  ]);
  const shown: Progress[] = [];
  const end = await followBackfill(sfn, executionArn, {
    show: (progress) => shown.push(progress),
    pollMs: 1,
  });
  sfn.destroy();
  await stop();
  expect(shown.map(({ succeeded, running }) => [succeeded, running])).toEqual([
    [0, 0],
    [4, 2],
    [8, 0],
  ]);
  expect(end).toEqual({
    status: 'FAILED',
    cause: 'States.X: too many failures',
    progress: { total: 10, pending: 0, running: 0, succeeded: 8, failed: 2 },
  });
});
