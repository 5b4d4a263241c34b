import { Aws, DefaultStackSynthesizer, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** For a template that must not ask for the version of CDK's bootstrap stack, which its account need not have. */
export class UnbootstrappedSynthesizer extends DefaultStackSynthesizer {
  constructor() {
    super({ generateBootstrapVersionRule: false });
  }
}

/** For a template that is deployed without the CDK: it refers to its stack by whatever name the stack gets then. */
export class PlainSynthesizer extends UnbootstrappedSynthesizer {}

function isNamedLater(scope: Construct): boolean {
  return Stack.of(scope).synthesizer instanceof PlainSynthesizer;
}

/** The stack's name; a reference to it if the name is known only when the stack is deployed. */
export function deployedName(scope: Construct): string {
  return isNamedLater(scope) ? Aws.STACK_NAME : Stack.of(scope).stackName;
}

/**
 * How names begin that CloudFormation and the CDK make: with the stack's, of which they may cut off the end. CloudFormation
 * can't count characters, so of a name that is given later it is the first two words: `csrwatch-prod` of `csrwatch-prod-eu`,
 * `csrwatch-` of `csrwatch`.
 */
export function namePrefix(scope: Construct): string {
  const name = deployedName(scope);
  if (!Token.isUnresolved(name)) return name.slice(0, 20);
  const words = Fn.split('-', `${name}-`);
  return Fn.join('-', [Fn.select(0, words), Fn.select(1, words)]);
}

/**
 * The name that the subscription filters of all log groups share, so that one query finds the delivery metrics of these
 * filters and of no others.
 */
export function filterNameOf(scope: Construct): string {
  if (isNamedLater(scope)) return `csrwatch-${Aws.STACK_NAME}`;
  return Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' });
}
