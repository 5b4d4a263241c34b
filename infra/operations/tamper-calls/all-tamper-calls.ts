import { deliveryCalls } from './delivery-calls.ts';
import { functionCalls } from './function-calls.ts';
import { logCalls } from './log-calls.ts';
import { monitoringCalls } from './monitoring-calls.ts';
import { storageCalls } from './storage-calls.ts';
import type { TamperCall } from './tamper-call.ts';

/**
 * Every management call that raises a tamper alert. The rules, the table in docs/tamper-alerts.md and the test that
 * replays CloudTrail records are made from it.
 */
export const tamperCalls: readonly TamperCall[] = [
  ...logCalls,
  ...functionCalls,
  ...deliveryCalls,
  ...storageCalls,
  ...monitoringCalls,
];
