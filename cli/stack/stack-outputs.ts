import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { namedMessageOf } from '../../lambda/message-of.ts';

/** The outputs of a deployed stack: their values by name. */
export type StackOutputs = Readonly<Record<string, string>>;

/** The stack can't be found or lacks an output; the message says what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

/**
 * @param stackName - as `cdk deploy` names it
 * @throws {StackError} if the account and region of the credentials have no such stack
 */
export async function readOutputs(
  stackName: string,
  client = new CloudFormationClient({}),
): Promise<StackOutputs> {
  const answer = await client
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((error: unknown) => {
      const reason = namedMessageOf(error);
      throw new StackError(
        `the stack ${stackName} can't be read (${reason}): are AWS_REGION and the credentials those it was deployed with?`,
      );
    });
  const outputs = answer.Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey: key = '', OutputValue: value = '' }) => [key, value]));
}

/** @throws {StackError} if the stack has no such output */
export function output(outputs: StackOutputs, name: string, why: string): string {
  const value = outputs[name];
  if (value !== undefined) return value;
  throw new StackError(`the stack has no output ${name}: ${why}`);
}

/** A list, separated by commas. An output is short, so a long list continues in outputs named NAME2, NAME3, … */
export function listOutput(outputs: StackOutputs, name: string): string[] {
  return Object.entries(outputs)
    .filter(([key]) => key.startsWith(name) && /^\d*$/.test(key.slice(name.length)))
    .sort(([a], [b]) => Number(a.slice(name.length)) - Number(b.slice(name.length)))
    .flatMap(([, value]) => value.split(','))
    .filter((value) => value !== '');
}
