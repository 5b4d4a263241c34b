import { describe, expect, test } from 'vitest';
import type { Finding } from '../../lambda/findings/finding.ts';
import { factsOf } from '../../lambda/findings/finding-facts.ts';
import { plainTextStyle } from '../../lambda/text/quoted-text.ts';
import { csrEvent, findingOf } from './event.ts';

/** A creation by jane, with changes to the finding. */
async function changed(changes: Partial<Finding> = {}): Promise<Finding> {
  return { ...(await findingOf(csrEvent())), ...changes };
}
const shown = (finding: Finding) => factsOf(finding, plainTextStyle);
/** One of the facts. */
const fact = async (label: string, changes: Partial<Finding>) =>
  Object.fromEntries(shown(await changed(changes)))[label];

describe('what is shown of long texts and lists', () => {
  const long = 'x'.repeat(9_999);
  const many = Array.from({ length: 99 }, () => long);
  const names = {
    commonName: long,
    organizations: many,
    dnsNames: many,
    ipAddresses: many,
    emailAddresses: many,
    uris: many,
  };
  const action = { verb: long, resource: long, namespace: long, count: 1, refused: 0 };
  const issuance = {
    time: long,
    csrName: long,
    requester: long,
    signerName: long,
    reason: long,
    findingId: long,
  };
  /** `x*3` for `xxx`. */
  const counted = (text: string) => text.replaceAll(/x{9,}/g, (run) => `x*${run.length}`);
  const whole = async (changes: Partial<Finding> = {}) => {
    const found = await changed({
      cluster: `${long} `,
      time: long,
      place: { origin: { kind: 'stream', stream: 's', account: long } },
      rule: { id: 'r', name: long, severity: 'high', riskScore: 1 },
      event: csrEvent({}, { objectRef: { namespace: long } }),
      actor: {
        name: long,
        groups: many,
        extra: { arn: [long] },
        impersonated: { name: long, groups: many },
        sourceIPs: many,
        userAgent: long,
      },
      request: {
        name: long,
        requester: 'eve',
        signerName: long,
        usages: many,
        subject: names,
        parseError: long,
        key: { algorithm: long },
      },
      ...changes,
    });
    return shown(found).map(([label, value]) => `${label}: ${counted(value)}`);
  };
  const list = (items: number) =>
    `${Array.from({ length: items }, () => '"x*120…" (9999 characters)').join(', ')}, and ${99 - items} more`;
  const os = Array.from({ length: 8 }, () => 'O="x*60…" (9999 characters)').join(', ');
  const subjectText = `CN="x*100…" (9999 characters), ${os}, and 91 more O`;
  const address = '"x*60…" (9999 characters)';
  const forwarded = [address, address, address, address].join(', ');

  test('in the facts of a request', async () => {
    expect(await whole()).toEqual([
      'User: "x*300…" (9999 characters)',
      `Impersonates: "x*300…" (9999 characters), groups ${list(5)}`,
      `Groups: ${list(8)}`,
      'AWS: arn "x*160…" (9999 characters)',
      `Address: ${address} (forwarded for ${forwarded}, and 94 more, which the client can forge)`,
      'Client: "x*300…" (9999 characters)',
      'Time: "x*60…" (9999 characters)',
      'Cluster: "x*100…" (10000 characters)',
      'Account: x*20… (9999 characters)',
      'Namespace: "x*100…" (9999 characters)',
      'Request: "x*300…" (9999 characters)',
      'Requester: "eve"',
      `Subject: ${subjectText}`,
      `DNS names: ${list(8)}`,
      `IP names: ${list(8)}`,
      `E-mails: ${list(5)}`,
      `URIs: ${list(5)}`,
      'Key: x*40… (9999 characters)',
      'Unreadable: x*300… (9999 characters)',
      'Signer: "x*300…" (9999 characters)',
      `Usages: ${list(8)}`,
      'Lifetime: not specified: the longest that the signer allows',
      'Response: 201 (succeeded)',
      'Rule: x*300… (9999 characters)',
    ]);
  });

  test('in the facts of the use of a certificate', async () => {
    const facts = await whole({
      certificate: { serialNumber: long, notBefore: long, notAfter: long, sha256: long, subject: names },
      issuance,
      uses: {
        count: 99,
        first: long,
        last: long,
        firstOfAll: { time: long, sourceIPs: ['x', 'y'], userAgent: long },
        actions: Array.from({ length: 11 }, () => action),
      },
    });
    const kind = 'x*30… (9999 characters) x*80… (9999 characters) in x*60… (9999 characters)';
    expect(facts.slice(22, -2)).toEqual([
      'Serial: x*60… (9999 characters)',
      'Valid: "x*60…" (9999 characters) to "x*60…" (9999 characters)',
      'SHA-256: x*64… (9999 characters)',
      `Certificate: ${subjectText}`,
      'Issued: "x*60…" (9999 characters)',
      'From CSR: "x*300…" (9999 characters)',
      'Requested by: "x*300…" (9999 characters)',
      'Signed by: "x*300…" (9999 characters)',
      'Followed: added by hand, with the reason "x*300…" (9999 characters)',
      'Issuance: reported as finding x*40… (9999 characters)',
      'First used: "x*60…" (9999 characters) from "y" (forwarded for "x", which the client can forge) with "x*300…" (9999 characters)',
      'Uses: 99 requests from this address with this client in this log, at "x*60…" (9999 characters)',
      `Actions: ${Array.from({ length: 10 }, () => kind).join(', ')}, and 1 more kind`,
    ]);
  });

  test.each([
    [10, ''],
    [11, ', and 1 more kind'],
    [12, ', and 2 more kinds'],
  ])('of %i kinds of actions, ten are shown', async (length, more) => {
    const actions = Array.from({ length }, () => ({ verb: 'get', resource: 'pods', count: 1, refused: 0 }));
    const ten = Array.from({ length: 10 }, () => 'get pods').join(', ');
    expect(await fact('Actions', { issuance: {}, uses: { count: 10, actions } })).toBe(`${ten}${more}`);
  });
});
