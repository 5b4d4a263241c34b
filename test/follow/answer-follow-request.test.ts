import { expect, test } from 'vitest';
import { answerFollowRequest } from '../../lambda/follow/answer-follow-request.ts';
import type { FollowedCertificate } from '../../lambda/follow/followed-certificate.ts';
import { maxCertificates, type WatchTable } from '../../lambda/follow/watch-list.ts';

const fingerprint = (number: number) => number.toString(16).padStart(64, '0');

/** A certificate whose texts are as long as the table takes them. */
function followed(number: number, text: string): FollowedCertificate {
  const name = text.repeat(512);
  return {
    certificate: {
      sha256: fingerprint(number),
      subject: {
        ...{ commonName: name, organizations: [name] },
        ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
      },
      notAfter: '2027-11-23T21:51:10Z',
    },
    cluster: name,
    issuance: { csrName: name, requester: name, findingId: 'f'.repeat(64), reason: name },
  };
}

function tableOf(certificates: readonly FollowedCertificate[]): WatchTable {
  return {
    read: async () => certificates,
    add: async () => true,
    addByHand: async () => true,
    remove: async () => true,
    addFirstUse: async () => {},
  };
}

test.each(['x', 'ä', '鍵', '\u0001', '"'])(
  'a full list of long names of %j fits into a response',
  async (text) => {
    const certificates = Array.from({ length: maxCertificates }, (_, number) => followed(number, text));
    const answer = await answerFollowRequest({ action: 'list' }, tableOf(certificates), () => {});
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6 * 1_000_000);
    expect(answer).toMatchObject({ certificates: { length: maxCertificates } });
  },
);

test('of a short list, the beginning of long names is shown', async () => {
  const answer = await answerFollowRequest({ action: 'list' }, tableOf([followed(1, 'x')]), () => {});
  expect(answer).toMatchObject({ certificates: [{ cluster: 'x'.repeat(150), reason: 'x'.repeat(150) }] });
});
