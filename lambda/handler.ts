import { readFileSync } from 'node:fs';
import { auditSchema } from './audit/fields.ts';
import { publish } from './channels/publish.ts';
import { snsPublisher } from './channels/sns.ts';
import { createDetector } from './detector.ts';
import { readEnvironment } from './environment.ts';
import { csrwatchFields } from './findings/own-fields.ts';
import { consoleLog } from './log.ts';
import { embeddedMetrics } from './metrics.ts';
import { type Ports, runDelivery } from './pipeline.ts';
import { compileRules, printProblem } from './rules/compile.ts';
import type { RuleDefinition } from './rules/rule.ts';
import { s3Opener } from './sources/s3-object.ts';
import { recogniseTrigger } from './sources/trigger.ts';

/** What Lambda answers to SQS: the messages to deliver again. */
interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const ports = composed();

/**
 * The function of both roads.
 * @throws on a trigger of an unknown kind, and where an invocation without partial answers failed: Lambda
 * tries those again and then hands them to the failure destination.
 */
export async function handler(event: unknown): Promise<BatchResponse | undefined> {
  const trigger = recogniseTrigger(event);
  if (!trigger.ok) throw new Error(trigger.reason);
  const failed = new Set<string>();
  const reasons: string[] = [];
  for (const delivery of trigger.deliveries) {
    const result = await runDelivery(delivery, ports);
    if (result.ok) continue;
    reasons.push(result.reason);
    if ('messageId' in delivery && delivery.messageId !== undefined) failed.add(delivery.messageId);
  }
  if (trigger.answer === 'batch') {
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  }
  if (reasons.length > 0) throw new Error(reasons.join('\n'));
  return undefined;
}

function composed(): Ports {
  const environment = readEnvironment(process.env);
  const text = readFileSync(new URL('./rules.json', import.meta.url), 'utf8');
  const { definitions }: { definitions: RuleDefinition[] } = JSON.parse(text);
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  const send = snsPublisher();
  return {
    detector: createDetector(compiled.ruleSet),
    clusters: environment.clusters,
    region: environment.region,
    openObject: s3Opener(),
    publish: (findings) => publish(findings, environment.channels, send),
    log: consoleLog,
    measure: (counts, dimensions) =>
      void process.stdout.write(`${embeddedMetrics(counts, dimensions, Date.now())}\n`),
  };
}
