import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from '../../infra/bundle.ts';
import { parseConfig } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';
import { synthesize } from '../../infra/synth.ts';
import type { Rendering } from '../../lambda/alerts/channel.ts';
import { readEnvironment } from '../../lambda/environment.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { type LocalFunction, type StartFunction, startFunction } from './local-function.ts';
import type { LogsSource, S3Source } from './local-sources.ts';
import { resolve, resourcesOf, type Template } from './template.ts';

const logGroup = '/aws/eks/prod/cluster';

/** The stack of the quick start, deployed on loopback with the bundle behind it. */
export interface LocalStack {
  readonly aws: LocalAws;
  readonly logsSource: LogsSource;
  readonly s3Source: S3Source;
  /** URLs of queues subscribed to the topics. */
  readonly findingsQueueUrl: string;
  readonly alertsQueueUrl: string;
  /** Of the operations topic. */
  readonly operationsQueueUrl: string;
  /** Of the stack's own queue for alerts of canaries. */
  readonly canaryQueueUrl: string;
  readonly filterPattern: string;
  readonly functions: readonly LocalFunction[];
  /**
   * Starts another instance of a source's function, as Lambda does when the others are busy.
   * @param timeoutMs - instead of the template's
   */
  startAnother(
    source: 'logs' | 'objects',
    environment?: Environment,
    timeoutMs?: number,
  ): Promise<LocalFunction>;
  stop(): Promise<void>;
}

/** @param startWith - runs the bundle */
export async function startLocalStack(startWith: StartFunction = startFunction): Promise<LocalStack> {
  const config = parseConfig(
    {
      logGroups: [{ name: logGroup, cluster: 'prod' }],
      buckets: [{ cluster: 'prod' }],
      emails: ['oncall@example.com'],
    },
    'the local run',
  );
  const template: Template = synthesize(config);
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-local-'));
  mkdirSync(directory, { recursive: true });
  writeBundle(directory, deployedRules(config));
  const aws = await startLocalAws(template);
  const functions: LocalFunction[] = [];
  const start = async ({ environment, timeoutMs }: Detector, own: Environment = {}) => {
    const variables = { ...environment, ...aws.environment, ...own };
    const started = await startWith(join(directory, 'index.mjs'), variables, timeoutMs);
    functions.push(started);
    return started;
  };

  const filter = only(template, 'AWS::Logs::SubscriptionFilter');
  const destination = JSON.stringify(filter.properties['DestinationArn']);
  const mapping = only(template, 'AWS::Lambda::EventSourceMapping');
  const functionResources = resourcesOf(template, 'AWS::Lambda::Function').filter(
    ([, { Properties: properties = {} }]) =>
      JSON.stringify(properties['Environment'] ?? '').includes('CSRWATCH_CHANNELS'),
  );
  const detectorOf = (text: string): Detector => {
    const { Environment, Timeout } =
      functionResources.find(([id]) => text.includes(`"${id}"`))?.[1].Properties ?? {};
    return { environment: resolvedEnvironment(Environment, aws), timeoutMs: Number(Timeout) * 1_000 };
  };
  const detectors = {
    logs: detectorOf(destination),
    objects: detectorOf(JSON.stringify(mapping.properties['FunctionName'])),
  };
  const logs = await start(detectors.logs);
  const objects = await start(detectors.objects);

  const queueArn = String(resolve(mapping.properties['EventSourceArn'], aws.values));
  const queue = [...aws.values.resources.values()].find(({ attributes }) => attributes['Arn'] === queueArn);
  // `bucket/prefix`
  const [bucket = ''] = String(resolve(output(template, 'WatchedObjects'), aws.values)).split('/');
  const { channels } = readEnvironment(detectors.logs.environment);
  const topicOf = (wanted: Rendering) =>
    channels.find(({ rendering }) => rendering === wanted)?.topicArn ?? '';
  return {
    aws,
    functions,
    startAnother: (source, environment, timeoutMs) =>
      start({ ...detectors[source], ...(timeoutMs === undefined ? {} : { timeoutMs }) }, environment),
    filterPattern: String(filter.properties['FilterPattern']),
    logsSource: { logs, account: aws.account, logGroup },
    s3Source: {
      objects,
      s3: aws.s3,
      sqs: aws.sqs,
      region: aws.region,
      bucket,
      queueUrl: queue?.ref ?? '',
      queueArn,
    },
    findingsQueueUrl: await aws.subscribeQueue(topicOf('json'), 'SeenFindings'),
    alertsQueueUrl: await aws.subscribeQueue(topicOf('text'), 'SeenAlerts'),
    operationsQueueUrl: await aws.subscribeQueue(
      detectors.logs.environment['CSRWATCH_OPERATIONS_TOPIC'] ?? '',
      'SeenOperations',
    ),
    canaryQueueUrl: String(resolve(output(template, 'CanaryQueue'), aws.values)),
    async stop() {
      for (const running of functions) running.stop();
      await aws.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function only(template: Template, type: string): { properties: Readonly<Record<string, unknown>> } {
  const [found] = resourcesOf(template, type);
  if (!found) throw new Error(`the template has no ${type}`);
  return { properties: found[1].Properties ?? {} };
}

function output({ Outputs: outputs = {} }: Template, name: string): unknown {
  return outputs[name]?.Value;
}

type Environment = Readonly<Record<string, string>>;

/** One of the template's functions, as far as it is run here. */
interface Detector {
  readonly environment: Environment;
  readonly timeoutMs: number;
}

function resolvedEnvironment(environment: unknown, aws: LocalAws): Environment {
  const { Variables: variables = {} } = (environment ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, String(resolve(value, aws.values))]),
  );
}
