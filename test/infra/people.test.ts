import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../infra/config.ts';
import { stackOf } from './configurations.ts';

const topicArn = 'arn:aws:sns:eu-central-1:111122223333:oncall';
const https = ['https://events.example.com/1'];
const emails = ['oncall@example.com'];

function warned(input: ConfigInput): boolean {
  const warnings = Annotations.fromStack(stackOf(input)).findWarning(
    '*',
    Match.stringLikeRegexp('no person is subscribed to alerts'),
  );
  return warnings.length > 0;
}

describe('a stack', () => {
  test.each<[string, Omit<ConfigInput, 'buckets'>]>([
    ['no subscriber', {}],
    ['operations subscribers only', { operationsEmails: emails }],
    ['programs only', { findings: { https, queues: [] } }],
    ['e-mail on a JSON channel only', { channels: [{ name: 'siem', rendering: 'json', emails }] }],
    ['a URL on a text channel only', { channels: [{ name: 'hook', rendering: 'text', https }] }],
    ['an alarm channel without a URL', { channels: [{ name: 'pager', rendering: 'alarm' }] }],
  ])('with %s warns that no person is subscribed', (_, input) => {
    expect(warned({ buckets: [{}], ...input })).toBe(true);
  });

  test.each<[string, Omit<ConfigInput, 'buckets'>]>([
    ['an e-mail address', { emails }],
    ['a telephone number', { sms: ['+4915112345678'] }],
    ['an e-mail address on another channel', { channels: [{ name: 'night', rendering: 'text', emails }] }],
    ['the URL of a pager', { channels: [{ name: 'pager', rendering: 'alarm', https }] }],
    ['a chat channel, which Amazon Q subscribes to', { channels: [{ name: 'slack', rendering: 'chat' }] }],
    ['an existing topic for people', { channels: [{ name: 'oncall', rendering: 'text', topicArn }] }],
  ])('with %s does not', (_, input) => {
    expect(warned({ buckets: [{}], ...input })).toBe(false);
  });
});
