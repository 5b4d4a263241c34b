import { expect, test } from 'vitest';
import { elementAt, Refusal } from '../../../lambda/findings/x509/der.ts';
import { readCertificate } from '../../../lambda/findings/x509/read-certificate.ts';
import { cn, der, encoded, name, pem, utf8 } from './build.ts';

const read = (header: string, contentBytes: number) =>
  elementAt(Buffer.concat([Buffer.from(header, 'hex'), Buffer.alloc(contentBytes)]), 0);

test.each([
  ['0400', 0],
  ['047f', 127],
  ['048180', 128],
  ['04820100', 256],
  ['0483010000', 65_536],
  ['1f1f01', 1],
  ['bf810001', 1],
  ['7f87ffffff7f8180', 128],
])('the header %s is read with its %i octets of content', (header, contentBytes) => {
  expect(read(header, contentBytes)).toMatchObject({
    content: { length: contentBytes },
    bytes: { length: header.length / 2 + contentBytes },
  });
});

test.each([
  ['without a length', '04'],
  ['with an indefinite length', '0480'],
  ['with a length that needs no second octet', '04817f'],
  ['with a length that begins with zero', '04820080'],
  ['with a length of five octets', '04850100000000'],
  ['with a length that ends too early', '048201'],
  ['with a tag number that needs no second octet', '1f1e00'],
  ['with a tag number that begins with zero', '1f801f00'],
  ['with a tag number of 32 bits', '1f888080800000'],
  ['with a tag number that does not end', '1fffffffffffff'],
])('an element %s is not DER', (_, header) => {
  expect(() => read(header, 0)).toThrow(new Refusal('the content is not DER'));
});

const utcTime = (text: string) => der(0x17, text);
const generalizedTime = (text: string) => der(0x18, text);

function certificateUntil(time: Buffer): string {
  const validity = der(0x30, utcTime('250101000000Z'), time);
  const names = name([cn(utf8('a'))]);
  return encoded(
    pem(der(0x30, der(0x30, der(0x02, '\x01'), der(0x30), names, validity, names, der(0x30))), 'CERTIFICATE'),
  );
}

test.each([
  [utcTime('491231235959Z'), '2049-12-31T23:59:59Z'],
  [utcTime('500101000000Z'), '1950-01-01T00:00:00Z'],
  [generalizedTime('20500101000000Z'), '2050-01-01T00:00:00Z'],
  [generalizedTime('99991231235959Z'), '9999-12-31T23:59:59Z'],
])('a time of a certificate is read as RFC 5280 defines it: %s', (time, notAfter) => {
  expect(readCertificate(certificateUntil(time))).toMatchObject({ ok: true, certificate: { notAfter } });
});

test.each([
  ['without seconds', utcTime('2601010000Z')],
  ['with a time zone', utcTime('260101000000+0100')],
  ['with a fraction', generalizedTime('20260101000000.5Z')],
  ['of a day that does not exist', utcTime('260230000000Z')],
  ['of a month that does not exist', utcTime('261301000000Z')],
  ['of the hour 24', utcTime('260101240000Z')],
  ['of another type', utf8('260101000000Z')],
  ['that is empty', utcTime('')],
])('a time of a certificate %s is refused', (_, time) => {
  expect(readCertificate(certificateUntil(time))).toEqual({
    ok: false,
    reason: 'a time in the certificate is invalid',
  });
});
