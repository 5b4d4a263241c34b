import { expect, test } from 'vitest';
import { bitsOf, elementAt, fields, oidOf, Refusal } from '../../../lambda/findings/x509/der.ts';
import { readKey } from '../../../lambda/findings/x509/public-key.ts';
import { readCertificate } from '../../../lambda/findings/x509/read-certificate.ts';
import { cn, der, encoded, name, oid, pem, utf8 } from './build.ts';

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
  ['with a long length that ends too early', '0482ff'],
  ['with a tag number that needs no second octet', '1f1e00'],
  ['with a tag number that begins with zero', '1f801f00'],
  ['with a tag number of 32 bits', '1f888080800000'],
  ['with a tag number that does not end', '1fffffffffffff'],
])('an element %s is not DER', (_, header) => {
  expect(() => read(header, 0)).toThrow(new Refusal('the content is not DER'));
});

const hex = (text: string) => Buffer.from(text, 'hex');

test.each(['04820080', '0484000000ff', '048400ffffff', '1f9f', '1f'])('nor is %s', (header) => {
  expect(() => read(header, 0)).toThrow(Refusal);
});

test('a tag number has up to 31 bits, and a length up to four octets', () => {
  expect(() => read('1f878080800000', 0)).not.toThrow();
  expect(() => read('1f87ffffff7f00', 0)).not.toThrow();
  expect(() => read('048401000000', 2 ** 24)).not.toThrow();
  expect(() => read('0403', 2)).toThrow(new Refusal('the DER ends too early'));
});

test.each(['2a', '2a8648', '7f', '2a817f', '2a8100', '2a86808001'])('the object identifier %s', (content) => {
  expect(oidOf(elementAt(der(0x06, hex(content)), 0))).toBe(content);
});

test.each([
  ['is empty', ''],
  ['ends within an arc', '2a86'],
  ['ends with an octet of 0x80', '2a80'],
  ['ends within an arc with an octet of 0x80', '2a8680'],
  ['has an arc that begins with zero', '2a8001'],
  ['begins with zero', '8001'],
])('an object identifier that %s is not DER', (_, content) => {
  const element = elementAt(der(0x06, hex(content)), 0);
  expect(() => oidOf(element)).toThrow(new Refusal('an object identifier is not DER'));
});

test.each([
  ['00', ''],
  ['00ff01', 'ff01'],
  ['01fe', '7f'],
  ['04abc0', '0abc'],
  ['0780', '01'],
  ['07ff80', '01ff'],
])('the bit string %s has the bits %s', (content, bits) => {
  expect(Buffer.from(bitsOf(elementAt(der(0x03, hex(content)), 0))).toString('hex')).toBe(bits);
});

test.each([
  ['without a number of unused bits', ''],
  ['with unused bits and no octet', '01'],
  ['with more than seven unused bits', '0800'],
  ['with an unused bit that is set', '01ff'],
  ['with another unused bit that is set', '0740'],
])('a bit string %s is not DER', (_, content) => {
  const element = elementAt(der(0x03, hex(content)), 0);
  expect(() => bitsOf(element)).toThrow(new Refusal('a bit string is not DER'));
});

test('a sequence that has no further element ends too early', () => {
  const read = fields(elementAt(der(0x30, der(0x02, '\x01')), 0));
  expect(read.optional(0x04)).toBeUndefined();
  expect([...read.next(0x02).content]).toEqual([1]);
  expect(read.optional(0x02)).toBeUndefined();
  expect(() => read.next()).toThrow(new Refusal('the DER ends too early'));
});

const rsaKey = (key: Buffer) =>
  readKey(elementAt(der(0x30, der(0x30, oid('1.2.840.113549.1.1.1')), der(0x03, '\0', key)), 0));

test.each([
  ['7f', 7],
  ['0080', 8],
  ['0000ff', 8],
  ['01000000', 25],
  ['100000', 21],
])('an RSA modulus of %s has %i bits', (modulus, bits) => {
  expect(rsaKey(der(0x30, der(0x02, hex(modulus))))).toEqual({ key: { algorithm: 'RSA', bits } });
});

test.each([
  [der(0x30, der(0x02, hex('80'))), 'the RSA modulus is negative'],
  [der(0x30, der(0x02, hex('0000'))), 'the RSA modulus is zero'],
  [der(0x30, der(0x02)), 'the RSA modulus is zero'],
  [Buffer.alloc(0), 'the RSA key is not DER'],
])('an RSA key of %s is refused: %s', (key, reason) => {
  expect(() => rsaKey(key)).toThrow(new Refusal(reason));
});

test.each([
  ['1.3.132.0.33', 224],
  ['1.2.840.10045.3.1.7', 256],
  ['1.3.132.0.34', 384],
  ['1.3.132.0.35', 521],
  ['1.3.132.0.10', undefined],
])('a key on the curve %s has %s bits', (curve, bits) => {
  const info = der(0x30, der(0x30, oid('1.2.840.10045.2.1'), oid(curve)), der(0x03, '\0\x04'));
  expect(readKey(elementAt(info, 0)).key).toEqual({ algorithm: 'ECDSA', ...(bits && { bits }) });
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
