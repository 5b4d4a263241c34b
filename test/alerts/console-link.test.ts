import { describe, expect, test } from 'vitest';
import type { Origin, Place } from '../../lambda/audit/audit-record.ts';
import { consoleLink } from '../../lambda/text/console-link.ts';
import { logStream, object } from './samples.ts';

const at = (origin: object, place: Partial<Place> = {}): Place => ({ origin: origin as Origin, ...place });

describe('a link to the AWS console', () => {
  test.each<[string, Place, string | undefined]>([
    [
      'a log event: its stream, scrolled to it',
      at(logStream, { logEventId: '391', logEventTimestamp: 1795470948578 }),
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/$252Faws$252Feks$252Fprod$252Fcluster/log-events/kube-apiserver-audit-0123$3Fstart$3D1795470948578$26refEventId$3D391',
    ],
    [
      'the log stream of a function, whose name contains $ and brackets',
      at({ ...logStream, logGroup: '/aws/lambda/x', logStream: '2026/11/23/[$LATEST]ab' }),
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fx/log-events/2026$252F11$252F23$252F$255B$2524LATEST$255Dab',
    ],
    [
      'an object',
      at({ ...object, key: 'a b/ü&x=(1).gz', versionId: 'v/1' }),
      'https://eu-central-1.console.aws.amazon.com/s3/object/audit-logs?region=eu-central-1&prefix=a%20b%2F%C3%BC%26x%3D%281%29.gz&versionId=v%2F1',
    ],
    [
      'China',
      at({ ...object, region: 'cn-north-1', key: 'k' }),
      'https://cn-north-1.console.amazonaws.cn/s3/object/audit-logs?region=cn-north-1&prefix=k',
    ],
    [
      'GovCloud',
      at({ ...object, region: 'us-gov-west-1', key: 'k' }),
      'https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/audit-logs?region=us-gov-west-1&prefix=k',
    ],
    [
      'an isolated partition, whose console is unknown',
      at({ ...object, region: 'us-iso-east-1' }),
      undefined,
    ],
    ['a file', at({ kind: 'file', path: 'x' }), undefined],
    ['no region', at({ kind: 'object', bucket: 'b', key: 'k' }), undefined],
    [
      'an invalid region, which would become part of the host',
      at({ ...object, region: 'evil.example/x' }),
      undefined,
    ],
  ])('%s', (_, place, link) => {
    expect(consoleLink(place)).toBe(link);
  });

  test.each(['\ud800', '<!channel>', "');*~`", 'a\r\nb', '\u202e'])(
    'contains nothing of %j in a key',
    (key) => {
      expect(consoleLink(at({ ...object, key }))).toMatch(/^https:\/\/[\w.-]+\/[\w./?=&%-]+$/);
      expect(consoleLink(at({ ...logStream, logStream: key }))).toMatch(
        /^https:\/\/[\w.-]+\/[\w./?=&%:#$-]+$/,
      );
    },
  );
});
