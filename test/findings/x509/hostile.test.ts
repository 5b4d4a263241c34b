import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import {
  alternativeNames,
  der,
  encoded,
  extensionRequest,
  o,
  oid,
  pem,
  request,
  requestDer,
  utf8,
} from './build.ts';

describe('an invalid request', () => {
  test.each([
    ['not base64', '*', 'the request is not base64'],
    ['empty', '', 'no PEM block of the request decodes'],
    ['too long', 'A'.repeat(3_145_732), 'the request is too long: 3145732 characters'],
    ['an indefinite length', encoded(pem(Buffer.from('3080', 'hex'))), 'the content is not DER'],
    [
      'a length in more octets than necessary',
      encoded(pem(Buffer.from('308100', 'hex'))),
      'the content is not DER',
    ],
    [
      'a length of eight octets',
      encoded(pem(Buffer.from('3088ffffffffffffffff', 'hex'))),
      'the content is not DER',
    ],
    ['cut', encoded(pem(requestDer().subarray(0, 100))), 'the DER ends too early'],
  ])('gives the reason: %s', (_, text, parseError) => {
    expect(readRequest(text)).toEqual({ parseError });
  });

  test('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readRequest(text)));
  });

  test('never throws on any bytes as DER', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readRequest(encoded(pem(bytes)))),
    );
  });

  test('never throws on, and never accepts, a request with a changed byte or a missing end', () => {
    const good = requestDer({ attributes: [extensionRequest(alternativeNames(der(0x82, 'a.svc')))] });
    const at = fc.nat(good.length - 1);
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), fc.boolean(), (offset, change, isCut) => {
        const bytes = Buffer.from(isCut ? good.subarray(0, offset) : good);
        if (!isCut) bytes[offset] = (bytes[offset] ?? 0) ^ change;
        expect(readRequest(encoded(pem(bytes))).parseError).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['elements nested 100,000 deep', nested(100_000)],
    ['200,000 empty RDNs before the name', deepSubject()],
    ['a modulus of a million bits', request({ keyInfo: rsaKey(Buffer.alloc(125_000, 0xff)) })],
    ['half a million lines', encoded(`-----BEGIN X-----\n${'\n'.repeat(500_000)}${pem(requestDer())}`)],
    ['a million spaces', encoded(`${' '.repeat(1_000_000)}\n${pem(requestDer())}`)],
  ])('is read to an end with %s', (_, text) => {
    expect(readRequest(text)).toBeTypeOf('object');
  });

  test('does not hide a name after empty RDNs', () => {
    expect(readRequest(deepSubject()).subject?.organizations).toEqual(['system:masters']);
  });
});

function nested(levels: number): string {
  const opened = Array.from({ length: levels }, () => [0x30, 0x83, 0x01, 0x00, 0x00]);
  return encoded(pem(Uint8Array.from(opened.flat())));
}

function deepSubject(): string {
  const empty = Buffer.alloc(400_000, Buffer.from('3100', 'hex'));
  return request({ subject: der(0x30, empty, der(0x31, o(utf8('system:masters')))) });
}

function rsaKey(modulus: Uint8Array): Buffer {
  const key = der(0x30, der(0x02, '\0', modulus), der(0x02, '\x01\x00\x01'));
  return der(0x30, der(0x30, oid('1.2.840.113549.1.1.1'), der(0x05)), der(0x03, '\0', key));
}
