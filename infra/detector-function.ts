import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  type FunctionProps,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import type { Channels } from './channels.ts';
import { ConfigError } from './config/error.ts';
import type { PagedTable } from './paged-table.ts';

/** Lambda takes no more of variables, names and values together. */
const maxEnvironmentBytes = 4_096;

/** What the detectors of both roads have in common. */
export interface DetectorSettings {
  /** The bundle: `detectorCode`. */
  readonly code: Code;
  readonly channels: Channels;
  readonly paged: PagedTable;
  readonly logRetention: RetentionDays;
}

/** How sources are named, as the detector reads `CSRWATCH_CLUSTERS`. */
export interface ClusterNames {
  readonly logGroups?: Readonly<Record<string, string>>;
  readonly buckets?: Readonly<Record<string, string>>;
  readonly keyPatterns?: Readonly<Record<string, string>>;
}

export interface DetectorFunctionProps extends DetectorSettings {
  readonly description: string;
  readonly clusters: ClusterNames;
  readonly timeout: Duration;
  /** @default - none */
  readonly options?: Pick<FunctionProps, 'onFailure' | 'retryAttempts' | 'maxEventAge'>;
}

/** The bundle as a function that may write its own log and publish to the channels, and nothing else until it is granted. */
export class DetectorFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  /** Its own. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: DetectorFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      description: props.description,
      environment: this.environment(props),
      memorySize: 1_024,
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      ...props.options,
    });
    props.channels.grantPublish(this.role);
    props.paged.giveTo(this.function);
    acknowledge(
      this.function,
      'Serverless-LambdaTracing',
      'its log and metrics say what each delivery cost; tracing would need a permission on every resource',
    );
    acknowledge(
      this.function,
      'Serverless-LambdaDLQ',
      'deliveries that fail go to the failure destination, which also says why, or to the dead letters of the queue',
    );
  }

  private environment({ channels, clusters }: DetectorFunctionProps): Record<string, string> {
    const variables = {
      CSRWATCH_CHANNELS: channels.environment(),
      CSRWATCH_CLUSTERS: Stack.of(this).toJsonString(clusters),
    };
    const bytes = Object.entries(Stack.of(this).resolve(variables)).reduce(
      (sum, [name, value]) => sum + name.length + bytesOf(value),
      0,
    );
    if (bytes > maxEnvironmentBytes) {
      throw new ConfigError(
        `${this.node.path}: channels and names of clusters take ${bytes} bytes, and Lambda's environment ${maxEnvironmentBytes}. ` +
          'Take fewer channels, leave clusters to the names of log groups or to keyPattern, or split the stack',
      );
    }
    return variables;
  }
}

/** References count as the ARNs and names that they become. */
function bytesOf(resolved: unknown): number {
  if (typeof resolved === 'string') return Buffer.byteLength(resolved);
  const { 'Fn::Join': join } = Object(resolved);
  return Array.isArray(join) ? join[1].map(bytesOf).reduce((sum: number, one: number) => sum + one, 0) : 100;
}

/** Six times the function's timeout, as Lambda asks of a queue that it reads. */
export function visibilityFor(timeout: Duration): Duration {
  return Duration.seconds(timeout.toSeconds() * 6);
}
