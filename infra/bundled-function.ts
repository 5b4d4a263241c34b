import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
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

export interface BundledFunctionProps {
  /** Holds the module of the handler. */
  readonly code: Code;
  /** @default 'index.handler', the detector */
  readonly handler?: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** @default - the account's concurrency is shared */
  readonly reservedConcurrency?: number | undefined;
  /** @default - none */
  readonly options?: Pick<FunctionProps, 'onFailure' | 'retryAttempts' | 'maxEventAge'>;
}

/** A function that runs a bundle. It may write its own log; everything else has to be granted. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  /** Its own. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
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
      handler: props.handler ?? 'index.handler',
      code: props.code,
      description: props.description,
      environment: { ...props.environment },
      memorySize: 1_024,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      ...props.options,
    });
    acknowledge(
      this.function,
      'Serverless-LambdaTracing',
      'its log and metrics say what each invocation cost; tracing would need a permission on every resource',
    );
  }
}
