import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { elementAt, explicitAt, Refusal } from '../../../lambda/findings/x509/der.ts';
import { readKey } from '../../../lambda/findings/x509/public-key.ts';
import { readCertificate } from '../../../lambda/findings/x509/read-certificate.ts';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import {
  alternativeNames,
  cn,
  der,
  encoded,
  extensionRequest,
  name,
  o,
  oid,
  pem,
  request,
  utf8,
} from './build.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const keyInfo = der(0x30, der(0x30), der(0x03, '\0key'));
const dns = (text: string) => alternativeNames(der(0x82, text));

interface Parts {
  readonly version?: Uint8Array;
  readonly serial?: Uint8Array;
  readonly notBefore?: Uint8Array;
  readonly notAfter?: Uint8Array;
  readonly key?: Uint8Array;
  /** What follows the key. */
  readonly rest?: readonly Uint8Array[];
}

function certificateDer({ version, rest = [], ...parts }: Parts = {}): Buffer {
  return der(
    0x30,
    der(
      0x30,
      ...(version === undefined ? [] : [version]),
      parts.serial ?? der(0x02, '\x01'),
      der(0x30),
      name([cn(utf8('issuer'))]),
      der(0x30, parts.notBefore ?? der(0x17, '250101000000Z'), parts.notAfter ?? der(0x17, '260101000000Z')),
      name([cn(utf8('bob'))], [o(utf8('dev'))]),
      parts.key ?? keyInfo,
      ...rest,
    ),
  );
}
const read = (bytes: Uint8Array) => readCertificate(encoded(pem(bytes, 'CERTIFICATE')));
const certificate = (parts: Parts) => {
  const found = read(certificateDer(parts));
  return found.ok ? found.certificate : found.reason;
};

describe('a certificate', () => {
  test('has these fields', () => {
    const bytes = certificateDer();
    expect(read(bytes)).toStrictEqual({
      ok: true,
      certificate: {
        serialNumber: '01',
        notBefore: '2025-01-01T00:00:00Z',
        notAfter: '2026-01-01T00:00:00Z',
        sha256: createHash('sha256').update(bytes).digest('hex'),
        subject: {
          commonName: 'bob',
          organizations: ['dev'],
          dnsNames: [],
          ipAddresses: [],
          emailAddresses: [],
          uris: [],
        },
      },
      keyDigest: createHash('sha256').update('key').digest('hex'),
    });
  });

  test('may have a key that cannot be read', () => {
    expect(read(certificateDer({ key: der(0x30) }))).not.toHaveProperty('keyDigest');
  });

  test.each([
    ['00', '00'],
    ['0000', '00'],
    ['000001', '01'],
    ['010000', '010000'],
    ['7f00ff', '7f00ff'],
  ])('with the serial number %s has %s', (octets, serialNumber) => {
    expect(certificate({ serial: der(0x02, hex(octets)) })).toMatchObject({ serialNumber });
  });

  const extensions = der(0xa3, der(0x30, dns('a.svc')));
  test.each<[string, Parts]>([
    ['a version', { version: der(0xa0, der(0x02, '\x02')), rest: [extensions] }],
    ['extensions', { rest: [extensions] }],
    ["an issuer's unique id", { rest: [der(0x81, 'x'), extensions] }],
    ["a subject's unique id", { rest: [der(0x82, 'x'), extensions] }],
    ['both', { rest: [der(0x81, 'x'), der(0x82, 'x'), extensions] }],
  ])('with %s has its alternative names', (_, parts) => {
    expect(certificate(parts)).toMatchObject({ subject: { dnsNames: ['a.svc'] } });
  });

  test('with something else at its end has none', () => {
    expect(certificate({ rest: [der(0xa4, der(0x30, dns('a.svc')))] })).toMatchObject({
      subject: { dnsNames: [] },
    });
  });

  test.each<[string, string, string]>([
    ['is long', 'x'.repeat(2_000_001), 'the certificate is too long: 2000001 characters'],
    ['is almost too long', '!'.repeat(2_000_000), 'no PEM block of a certificate decodes'],
    ['is empty', encoded(pem(Buffer.alloc(0), 'CERTIFICATE')), 'no PEM block of a certificate decodes'],
    [
      'has another label',
      encoded(pem(certificateDer(), 'TRUSTED CERTIFICATE')),
      'no PEM block of a certificate decodes',
    ],
    ['is no sequence', encoded(pem(der(0x31), 'CERTIFICATE')), 'the DER has tag 0x31 where 0x30 belongs'],
  ])('that %s is refused', (_, text, reason) => {
    expect(readCertificate(text)).toEqual({ ok: false, reason });
  });

  test('may follow a block with another label', () => {
    const text = `${pem(Buffer.from('x'), 'X')}${pem(certificateDer(), 'CERTIFICATE')}`;
    expect(readCertificate(encoded(text))).toEqual(read(certificateDer()));
  });

  test.each([
    [der(0x17, 'x260101000000Z')],
    [der(0x17, '260101000000Zx')],
    [der(0x17, '260101000000')],
    [der(0x18, '020260101000000Z')],
    [der(0x18, '202601010000000Z')],
    [der(0x0c, '20260101000000Z')],
  ])('with the time %s is refused', (time) => {
    expect(certificate({ notBefore: time })).toBe('a time in the certificate is invalid');
    expect(certificate({ notAfter: time })).toBe('a time in the certificate is invalid');
  });
});

describe('an explicit tag', () => {
  const inner = der(0x02, '\x07');
  test('contains an element', () => {
    const bytes = Buffer.concat([hex('ff'), der(0xa0, inner), hex('ff')]);
    expect(explicitAt(bytes, 1, 0xa0)).toEqual({ inner: elementAt(inner, 0), end: 6 });
  });

  test('may be another one', () => {
    expect(explicitAt(der(0xa1, inner), 0, 0xa0)).toBeUndefined();
    expect(explicitAt(Buffer.concat([der(0xa1), inner]), 0, 0xa0)).toBeUndefined();
  });

  test.each([
    ['ends too early', der(0xa0)],
    ['ends too early, whatever its tag', der(0xa1)],
  ])('that %s is refused', (_, bytes) => {
    expect(() => explicitAt(bytes, 0, 0xa0)).toThrow(new Refusal('the DER ends too early'));
  });

  test('without content is refused', () => {
    expect(() => explicitAt(Buffer.concat([der(0xa0), inner]), 0, 0xa0)).toThrow(
      new Refusal('an explicit tag is empty'),
    );
  });
});

describe('a key', () => {
  const keyOf = (...identifier: Uint8Array[]) =>
    readKey(elementAt(der(0x30, der(0x30, ...identifier), der(0x03, '\0\x04')), 0));
  test.each([
    ['DSA', '1.2.840.10040.4.1'],
    ['unknown', '1.2.3'],
  ])('of the algorithm %s is unknown to the API server', (algorithm, id) => {
    expect(keyOf(oid(id))).toEqual({
      key: { algorithm },
      refusal: 'the algorithm of the key is unknown to the API server',
    });
  });

  test('on a curve has parameters', () => {
    expect(() => keyOf(oid('1.2.840.10045.2.1'))).toThrow(new Refusal('the DER ends too early'));
  });

  test.each([
    ['0f', 4],
    ['10', 5],
    ['08', 4],
    ['0100', 9],
  ])('of RSA with the modulus %s has %i bits', (modulus, bits) => {
    const key = der(0x30, der(0x02, hex(modulus)));
    const info = der(0x30, der(0x30, oid('1.2.840.113549.1.1.1')), der(0x03, '\0', key));
    expect(readKey(elementAt(info, 0)).key).toEqual({ algorithm: 'RSA', bits });
  });
});

describe('the alternative names of a request', () => {
  const namesOf = (...extensions: Uint8Array[]) => {
    const { subject, parseError } = readRequest(request({ attributes: [extensionRequest(...extensions)] }));
    return parseError ?? subject;
  };
  test.each([
    ['00000000000000000000ffff0a000001', '10.0.0.1'],
    ['00000000000000000000ffff00000000', '0.0.0.0'],
    ['00000000000000000001ffff0a000001', '::1:ffff:a00:1'],
    ['01000000000000000000ffff0a000001', '100::ffff:a00:1'],
    ['00000000000000000000ff000a000001', '::ff00:a00:1'],
    ['0000000000000000000000ff0a000001', '::ff:a00:1'],
    ['00000000000000000000000000000001', '::1'],
  ])('write the address %s as %s', (octets, address) => {
    expect(namesOf(alternativeNames(der(0x87, hex(octets))))).toMatchObject({ ipAddresses: [address] });
  });

  test('may be empty', () => {
    expect(namesOf(alternativeNames(der(0x82), der(0x86)))).toMatchObject({ dnsNames: [''], uris: [''] });
    expect(namesOf(alternativeNames())).toMatchObject({ dnsNames: [] });
  });

  test('may be critical, among other extensions', () => {
    const other = der(0x30, oid('2.5.29.15'), der(0x04, 'x'));
    const critical = der(0x30, oid('2.5.29.17'), der(0x01, '\xff'), der(0x04, der(0x30, der(0x82, 'a'))));
    expect(namesOf(other, critical)).toMatchObject({ dnsNames: ['a'] });
  });

  test('without a value are refused', () => {
    expect(namesOf(der(0x30, oid('2.5.29.17'), der(0x04)))).toBe('the alternative names are not DER');
  });
});

test('a request of more characters than the API server accepts is refused', () => {
  const longest = 3 * 2 ** 20;
  expect(readRequest('!'.repeat(longest)).parseError).toBe('the request is not base64');
  expect(readRequest('!'.repeat(longest + 1)).parseError).toBe(
    `the request is too long: ${longest + 1} characters`,
  );
});

test('a long label is cut', () => {
  const { parseError } = readRequest(encoded(pem(Buffer.alloc(0), 'X'.repeat(99))));
  expect(parseError).toBe(
    `the PEM block is labeled "${'X'.repeat(64)}…" (99 characters); the PEM block is empty`,
  );
});

test.each([
  ['PrintableString', 0x13],
  ['NumericString', 0x12],
  ['IA5String', 0x16],
])('a %s may be empty', (_, tag) => {
  const found = readRequest(request({ subject: name([cn(der(tag))]) }));
  expect(found.subject?.commonName).toBe('');
  expect(found.parseError).toBeUndefined();
});

test.each(['x1', '1x'])('a NumericString contains no letter: %s', (text) => {
  expect(readRequest(request({ subject: name([cn(der(0x12, text))]) })).parseError).toBe(
    'a string of the subject has a character that its type does not allow',
  );
});
