import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { expect, describe as suite, test } from 'vitest';
import { pemBlocks } from '../../lambda/findings/x509/pem.ts';
import { readCertificate } from '../../lambda/findings/x509/read-certificate.ts';
import { at, stringAt } from '../../lambda/json/read-json.ts';
import { filled } from '../../lambda/response/placeholders.ts';
import { laterUse } from '../../lambda/response/searches.ts';
import { eventsOf, recordingPath } from '../recordings.ts';
import { runScan } from '../run-command.ts';
import { findingOf } from './event.ts';
import { encoded, pem } from './x509/build.ts';

const events = [...eventsOf('selfmanaged').values()];
const issued = events.filter(
  (event) => stringAt(event, 'responseObject', 'status', 'certificate') !== undefined,
);
const issuedTo = (name: string) => {
  const event = issued.find(
    ({ objectRef }) => at(objectRef, 'name') === name && at(objectRef, 'subresource') === 'status',
  );
  if (!event) throw new Error(`no certificate of ${name}`);
  return event;
};

const certificateOf = (name: string) =>
  stringAt(issuedTo(name), 'responseObject', 'status', 'certificate') ?? '';

suite('the issued certificate', () => {
  test('is read as OpenSSL reads it, for every certificate of the recording', () => {
    expect(issued.length).toBeGreaterThan(10);
    for (const event of issued) {
      const text = stringAt(event, 'responseObject', 'status', 'certificate') ?? '';
      const leaf = new X509Certificate(Buffer.from(text, 'base64'));
      expect(readCertificate(text)).toMatchObject({
        ok: true,
        certificate: {
          serialNumber: leaf.serialNumber.toLowerCase(),
          notBefore: leaf.validFromDate.toISOString().replace('.000Z', 'Z'),
          notAfter: leaf.validToDate.toISOString().replace('.000Z', 'Z'),
          sha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
        },
      });
    }
  });

  test('has a subject, only in the phase issued', async () => {
    const found = await findingOf(issuedTo('bob-laptop'));
    expect(found.certificate?.subject).toMatchObject({ commonName: 'bob', organizations: ['oidc:security'] });
    const approval = await findingOf({
      ...issuedTo('bob-laptop'),
      objectRef: { resource: 'certificatesigningrequests', subresource: 'approval' },
    });
    expect(approval).not.toHaveProperty('certificate');
  });

  test('is the first one of a chain', () => {
    const pemOf = (name: string) => Buffer.from(certificateOf(name), 'base64').toString();
    const chain = encoded(`leaf\n${pemOf('bob-laptop')}${pemOf('carol-2')}`);
    expect(readCertificate(chain)).toEqual(readCertificate(encoded(pemOf('bob-laptop'))));
  });

  test.each([
    ['not base64', '!', 'no PEM block of a certificate decodes'],
    [
      'labeled otherwise',
      encoded(pem(Buffer.from('x'), 'PRIVATE KEY')),
      'no PEM block of a certificate decodes',
    ],
    ['not DER', encoded(pem(Buffer.from('x'), 'CERTIFICATE')), /^the (content|DER) /],
  ])('that is %s gives the reason', (_, text, reason) => {
    const read = readCertificate(text);
    expect(read.ok ? undefined : read.reason).toMatch(reason);
  });

  test('never throws if a byte is changed or the end is missing', () => {
    const [block] = pemBlocks(Buffer.from(certificateOf('bob-laptop'), 'base64').toString());
    const good = block?.bytes ?? new Uint8Array();
    const at = fc.nat(good.length - 1);
    fc.assert(
      fc.property(at, fc.nat(255), fc.boolean(), (offset, octet, isCut) => {
        const bytes = Buffer.from(isCut ? good.subarray(0, offset) : good);
        if (!isCut) bytes[offset] = octet;
        expect(readCertificate(encoded(pem(bytes, 'CERTIFICATE')))).toHaveProperty('ok');
      }),
      { numRuns: 2_000 },
    );
  });

  test('is reported if its subject is privileged and the requested one is not', async () => {
    const [event, other] = [issuedTo('bob-laptop'), issuedTo('tooling')];
    const status = { certificate: at(other, 'responseObject', 'status', 'certificate') };
    const swapped = {
      ...event,
      requestObject: null,
      responseObject: { ...Object(event['responseObject']), status },
    };
    const { signals } = await findingOf(swapped);
    expect(signals[0]).toMatchObject({
      id: 'privileged-subject',
      sentence: 'The holder of the certificate is the user "system:admin".',
    });
  });
});

suite('the search for its later use', () => {
  test('finds every use in the recording, and nothing else', async () => {
    const finding = await findingOf(issuedTo('bob-laptop'));
    const { certificate } = finding;
    if (!certificate) throw new Error('no certificate');
    const used = events.filter((event) => JSON.stringify(event['user']).includes(certificate.sha256));
    expect(used.length).toBeGreaterThan(0);

    const [, query = ''] = /--query '(.*)' FILE$/.exec(filled(laterUse.scan, finding)) ?? [];
    const { stdout } = runScan([
      '--query',
      query,
      '--format',
      'json',
      recordingPath('selfmanaged.ndjson.gz'),
    ]);
    const found: { event: { auditID: string } }[] = JSON.parse(stdout).findings;
    const ids = found.map(({ event }) => event.auditID);
    expect([...new Set(ids)].sort()).toEqual(used.map((event) => String(event['auditID'])).sort());
  });

  test('exists for CloudWatch Logs Insights as well', async () => {
    const finding = await findingOf(issuedTo('bob-laptop'));
    expect(filled(laterUse.insights, finding)).toMatch(
      /^filter @message like "X509SHA256=[0-9a-f]{64}" \| fields @timestamp, .* \| sort @timestamp$/,
    );
  });
});
