import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Gravity, parseGravity } from '../findings/gravity.ts';

const attempts = 2;

/** A client whose calls take at most `timeoutMs`, including all attempts. */
export interface TimedClient {
  readonly client: DynamoDBClient;
  readonly timeoutMs: number;
}

export function timedClient(timeoutMs: number): TimedClient {
  const attemptMs = timeoutMs / attempts;
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  return { client, timeoutMs };
}

/** Rejects with a TimeoutError at the deadline, even if the call does not react to the abort. */
export function inTime<T>(
  { client, timeoutMs }: TimedClient,
  call: (client: DynamoDBClient, abort: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(abortSignal.reason), { once: true });
  });
  return Promise.race([call(client, { abortSignal }), late]);
}

/** `undefined` if the condition of the write does not hold. @throws any other error */
export async function ifConditionHolds<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

type Value = string | number | readonly string[];
export type Item = Readonly<Record<string, AttributeValue>>;

/** Numbers, strings and non-empty sets of strings as attribute values. */
export function valuesOf(values: Readonly<Record<string, Value>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, AttributeValue] => {
      if (typeof value === 'number') return [name, { N: String(value) }];
      return [name, typeof value === 'string' ? { S: value } : { SS: [...new Set(value)] }];
    }),
  );
}

export function numberIn(item: Item, name: string): number | undefined {
  const text = item[name]?.N;
  return text === undefined ? undefined : Number(text);
}

export function gravitiesIn(item: Item): Gravity[] {
  return (item['gravities']?.SS ?? []).flatMap((text) => parseGravity(text) ?? []);
}
