import { readFileSync } from 'node:fs';
import { auditSchema } from './audit/fields.ts';
import { invocationDedup } from './dedup/deduplication.ts';
import { createDetector } from './detector.ts';
import { readEnvironment } from './environment.ts';
import { csrwatchFields } from './findings/csrwatch-fields.ts';
import { consoleLog } from './log.ts';
import { embeddedMetrics } from './metrics.ts';
import { type ObjectResult, objectResult } from './object-result.ts';
import { type Ports, runDelivery } from './pipeline.ts';
import { compileRules } from './rules/compile-rules.ts';
import type { RuleDefinition } from './rules/rule.ts';
import { printProblem } from './rules/rule-problem.ts';
import { recognizeTrigger } from './triggers/recognize-trigger.ts';

/** What Lambda answers to SQS: the messages to deliver again. */
interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What Step Functions has back of the items of a map. */
interface MapResponse {
  readonly objects: readonly ObjectResult[];
}

/** The part of Lambda's context that is read. */
interface InvocationContext {
  /** Of the function's timeout. */
  getRemainingTimeInMillis(): number;
}

/** Lambda lets no function run longer: fifteen minutes. */
const longestTimeoutMs = 900_000;

/** Of an invocation's time, for claims and for marks each: the rest is for reading and publishing. */
const tableShare = 1 / 4;

const portsFor = composed();

/**
 * The function of both roads.
 * @param context - absent where something else than Lambda calls
 * @throws on a trigger of an unknown kind, and where an invocation without partial answers failed: Lambda
 * tries those again and then hands them to the failure destination.
 */
export async function handler(
  event: unknown,
  context?: InvocationContext,
): Promise<BatchResponse | MapResponse | undefined> {
  const ports = portsFor(context?.getRemainingTimeInMillis() ?? longestTimeoutMs);
  const trigger = recognizeTrigger(event);
  if (!trigger.ok) throw new Error(trigger.reason);
  const failed = new Set<string>();
  const reasons: string[] = [];
  const objects: ObjectResult[] = [];
  for (const delivery of trigger.deliveries) {
    const result = await runDelivery(delivery, ports);
    if (result.ok) {
      if (delivery.kind === 'object') {
        objects.push(objectResult(delivery.object, result.counts, result.found));
      }
      continue;
    }
    reasons.push(result.reason);
    if ('messageId' in delivery && delivery.messageId !== undefined) failed.add(delivery.messageId);
  }
  if (trigger.answer === 'batch') {
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  }
  if (reasons.length > 0) throw new Error(reasons.join('\n'));
  return trigger.answer === 'results' ? { objects } : undefined;
}

/** What lasts as long as the process; the ports are an invocation's. */
function composed(): (remainingMs: number) => Ports {
  const environment = readEnvironment(process.env);
  const text = readFileSync(new URL('./rules.json', import.meta.url), 'utf8');
  const { definitions }: { definitions: RuleDefinition[] } = JSON.parse(text);
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  const { channels, clusters, region, table: tableName, tableTimeoutMs } = environment;
  const detector = createDetector(compiled.ruleSet);
  // what only a finding or an object needs is loaded then: most invocations find nothing
  const publishing = once(() => import('./alerts/publishing/publish-findings.ts'));
  const sender = once(async () => (await import('./alerts/publishing/sns-publisher.ts')).snsPublisher());
  const opener = once(async () => (await import('./triggers/s3-opener.ts')).s3Opener());
  const tables = once(async () => (await import('./dedup/dynamodb-table.ts')).dynamoDbTables(tableTimeoutMs));
  return (remainingMs) => {
    const leaseUntilMs = Date.now() + remainingMs;
    const memory = invocationDedup(
      { waitMs: remainingMs * tableShare, now: Date.now },
      tableName === undefined ? undefined : async () => (await tables())(tableName, leaseUntilMs, Date.now),
    );
    return {
      detector,
      clusters,
      region,
      openObject: async (object) => (await opener())(object),
      publish: async (findings) => {
        const send = await sender();
        return (await publishing()).publish(findings, channels, { send, memory, now: Date.now });
      },
      log: consoleLog,
      measure: (counts, dimensions) =>
        void process.stdout.write(`${embeddedMetrics(counts, dimensions, Date.now())}\n`),
    };
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
