import { describe, expect, test } from 'vitest';
import { EnvironmentError, readEnvironment } from '../../lambda/environment.ts';

const channel = {
  rendering: 'json',
  topicArn: 'arn:aws:sns:eu-central-1:111122223333:t',
  minSeverity: 'low',
};

describe('the environment', () => {
  test('is read into channels and cluster names', () => {
    const environment = readEnvironment({
      CSRWATCH_CHANNELS: JSON.stringify([channel]),
      CSRWATCH_CLUSTERS: '{"buckets":{"b":"prod"}}',
      CSRWATCH_TABLE: 'paged',
    });
    expect(environment).toMatchObject({ table: 'paged', tableTimeoutMs: 1_500 });
    expect(environment.channels).toEqual([channel]);
    expect(environment.clusters).toEqual({ logGroups: {}, buckets: { b: 'prod' }, keyPatterns: {} });
  });

  test.each([
    [{}, 'CSRWATCH_CHANNELS is not set'],
    [{ CSRWATCH_CHANNELS: '[' }, 'CSRWATCH_CHANNELS is not JSON'],
    [{ CSRWATCH_CHANNELS: '[]' }, 'CSRWATCH_CHANNELS: expected a list of at least one channel'],
    [
      { CSRWATCH_CHANNELS: JSON.stringify([{ ...channel, rendering: 'fax' }]) },
      'CSRWATCH_CHANNELS[0].rendering: "fax" is not one of json, text',
    ],
    [
      { CSRWATCH_CHANNELS: JSON.stringify([{ ...channel, topicArn: 'here' }]) },
      'CSRWATCH_CHANNELS[0].topicArn: "here" is not the ARN of an SNS topic',
    ],
    [
      { CSRWATCH_CHANNELS: JSON.stringify([channel]), CSRWATCH_CLUSTERS: '{"buckets":["b"]}' },
      'CSRWATCH_CLUSTERS.buckets: expected an object of names',
    ],
    [
      { CSRWATCH_CHANNELS: JSON.stringify([channel]), CSRWATCH_TABLE_TIMEOUT_MS: '1.5s' },
      'CSRWATCH_TABLE_TIMEOUT_MS: "1.5s" is not a whole number of milliseconds above 0',
    ],
  ])('%j is refused by name', (variables, message) => {
    expect(() => readEnvironment(variables)).toThrow(EnvironmentError);
    expect(() => readEnvironment(variables)).toThrow(message);
  });
});
