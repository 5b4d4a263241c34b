import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import type { GoVerdict } from '../../fixtures/requests/go-verdict.ts';

const file = new URL('../../fixtures/requests/verdicts.ndjson.gz', import.meta.url);
const verdicts: GoVerdict[] = gunzipSync(readFileSync(file))
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

test('the verdicts cover every kind', () => {
  const accepted = verdicts.filter((verdict) => verdict.accepted).length;
  const parsed = verdicts.filter((verdict) => verdict.parsed).length;
  expect(accepted).toBeGreaterThan(50);
  expect(parsed - accepted).toBeGreaterThan(50);
  expect(verdicts.length - parsed).toBeGreaterThan(50);
});

test('a request is refused if and only if Go refuses it', () => {
  for (const { request, accepted } of verdicts) {
    expect({ request, accepted: readRequest(request).parseError === undefined }).toEqual({
      request,
      accepted,
    });
  }
});

test('a request that Go parses is read as Go reads it, even with an invalid signature', () => {
  for (const verdict of verdicts.filter(({ parsed }) => parsed)) {
    const { subject, key } = readRequest(verdict.request);
    expect({ request: verdict.request, subject }).toMatchObject({
      request: verdict.request,
      subject: {
        organizations: verdict.organizations ?? [],
        dnsNames: verdict.dnsNames ?? [],
        ipAddresses: verdict.ipAddresses ?? [],
        emailAddresses: verdict.emailAddresses ?? [],
      },
    });
    // Go does not distinguish a missing name from an empty one
    expect(subject?.commonName ?? '').toBe(verdict.commonName);
    // Go's value for an unknown key is 0
    expect(key?.algorithm).toBe(verdict.algorithm === '0' ? 'unknown' : verdict.algorithm);
    if (verdict.bits > 0) expect(key?.bits).toBe(verdict.bits);
  }
});

/** Requests whose algorithms have unusual parameters. Each has the signature of a valid request, which does not cover them. */
const withParameters: { readonly name: string; readonly accepted: boolean; readonly request: string }[] =
  readFileSync(new URL('../../fixtures/requests/algorithm-parameters.ndjson', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test.each(withParameters)(
  'parameters of an algorithm are read as Go reads them: $name',
  ({ accepted, request }) => {
    expect(readRequest(request).parseError === undefined).toBe(accepted);
  },
);
