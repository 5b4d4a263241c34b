import { tamperCalls } from '../infra/operations/tamper-calls/all-tamper-calls.ts';
import type { ResourceKind, TamperCall } from '../infra/operations/tamper-calls/tamper-call.ts';
import { markdownTable, withBlock } from './generated-block.ts';

const kinds: Readonly<Record<ResourceKind, string>> = {
  logGroups: 'log groups, watched and our own',
  clusters: 'watched EKS clusters',
  functions: 'functions',
  eventSourceMappings: 'event source mappings',
  topics: 'topics and subscriptions',
  queues: 'queues',
  buckets: 'buckets, watched and our own',
  keys: 'keys of the stack, and of given topics and buckets',
  tables: 'dedup table and watch list',
  streams: 'Kinesis stream',
  destinations: 'CloudWatch Logs destination',
  rules: 'EventBridge rules',
  alarms: 'alarms',
  roles: 'IAM roles',
  stack: 'the stack',
  account: 'any in the account',
};

/** The page with the table of calls that raise a tamper alert. */
export function withTamperTable(page: string): string {
  const header = ['service', 'calls', 'on', 'named by', 'effect', 'restored by'];
  return withBlock(page, 'tamper-calls', markdownTable(header, tamperCalls.map(cells)));
}

function cells({ service, events, documented = [], protects, parameters, effect, restoredBy }: TamperCall) {
  const calls = events.map((event) => `\`${event}\`${documented.includes(event) ? '' : '*'}`);
  const named = Object.entries(parameters).map(([name, forms]) => `\`${name}\`: ${forms.join(', ')}`);
  return [service, calls.join(', '), kinds[protects], named.join('; '), effect, restoredBy];
}
