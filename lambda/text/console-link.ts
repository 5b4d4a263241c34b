import type { Place } from '../audit/audit-record.ts';

/** The console's domain by the start of the region's name. Isolated partitions publish none. */
const domains: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/^(us-iso|eu-isoe|eusc-)/, ''],
  [/^/, 'console.aws.amazon.com'],
];

/** The limit of an object's key; names of log groups and streams are shorter. */
const maxNameCharacters = 1_024;

/**
 * The page of the AWS console that shows the record: the log event in its stream, or the object. `undefined` if the
 * record came from a file or a stream, or its region is unknown. The region becomes part of the host, so its form is checked.
 */
export function consoleLink(place: Place): string | undefined {
  const { origin } = place;
  if (
    origin.kind === 'file' ||
    origin.kind === 'stream' ||
    !origin.region ||
    !/^[a-z]{2,4}(-[a-z]{2,10}){1,3}-\d{1,2}$/.test(origin.region)
  )
    return undefined;
  const { region } = origin;
  const domain = domains.find(([begins]) => begins.test(region))?.[1];
  if (!domain) return undefined;
  switch (origin.kind) {
    case 'log-stream':
      if (origin.logGroup.length + origin.logStream.length > 2 * maxNameCharacters) return undefined;
      return `https://${region}.${domain}/cloudwatch/home?region=${region}#${streamFragment(origin, place)}`;
    case 'object': {
      if (origin.bucket.length + origin.key.length > 2 * maxNameCharacters) return undefined;
      const version = origin.versionId ? `&versionId=${encoded(origin.versionId)}` : '';
      const object = `${encoded(origin.bucket)}?region=${region}&prefix=${encoded(origin.key)}${version}`;
      return `https://${region}.${domain}/s3/object/${object}`;
    }
  }
}

/** `logsV2:log-groups/log-group/…`: its parts are encoded twice, and each `%` of the result is written `$`. */
function streamFragment(
  { logGroup, logStream }: { readonly logGroup: string; readonly logStream: string },
  { logEventId, logEventTimestamp }: Place,
): string {
  const start = logEventTimestamp === undefined ? [] : [`start=${logEventTimestamp}`];
  const query = [...start, ...(logEventId ? [`refEventId=${encoded(logEventId)}`] : [])].join('&');
  const stream = `logsV2:log-groups/log-group/${twice(logGroup)}/log-events/${twice(logStream)}`;
  return query === '' ? stream : `${stream}${dollars(encoded(`?${query}`))}`;
}

function twice(text: string): string {
  return dollars(encoded(encoded(text)));
}

function dollars(text: string): string {
  return text.replaceAll('%', '$');
}

/** Encodes `!'()*~` as well, since mail and chat clients end links at them. A lone surrogate would throw. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
