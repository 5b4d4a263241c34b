import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import {
  alternativeNames,
  attribute,
  bmp,
  cn,
  der,
  extensionRequest,
  ia5,
  name,
  o,
  printable,
  request,
  t61,
  utf8,
} from './build.ts';

describe('a subject', () => {
  const read = (...rdns: Uint8Array[][]) => readRequest(request({ subject: name(...rdns) }));

  test('has the last common name, even if it is empty', () => {
    expect(read([cn(utf8('first'))], [cn(utf8('last'))]).subject?.commonName).toBe('last');
    expect(read([cn(utf8('first'))], [cn(utf8(''))]).subject?.commonName).toBe('');
    expect(read([cn(utf8('first')), cn(utf8('last'))]).commonNames).toEqual(['first', 'last']);
    expect(read([o(utf8('dev'))]).subject?.commonName).toBeNull();
  });

  test('has every organization in order, from one RDN or several', () => {
    const { subject } = read([o(utf8('a')), o(utf8('b'))], [], [o(utf8('')), cn(utf8('x'))], [o(utf8('a'))]);
    expect(subject?.organizations).toEqual(['a', 'b', '', 'a']);
  });

  test.each([
    ['UTF8String', utf8('système 🐻'), 'système 🐻'],
    ['UTF8String with a byte order mark', utf8('\ufeffx'), '\ufeffx'],
    ['PrintableString', printable("system:masters*&'()+,-./=? 1"), "system:masters*&'()+,-./=? 1"],
    ['IA5String', ia5('a@example.com'), 'a@example.com'],
    ['T61String', t61('syst\xe8me'), 'système'],
    ['BMPString', bmp('système'), 'système'],
    ['BMPString with a terminator', bmp('admin\0'), 'admin'],
    ['NumericString', der(0x12, '12 3'), '12 3'],
  ])('may be a %s', (_, value, expected) => {
    const found = read([cn(value)]);
    expect(found.subject?.commonName).toBe(expected);
    expect(found.parseError).toBeUndefined();
  });

  test.each([
    ['a value of another type', der(0x1c, '\0\0\0a')],
    ['a constructed string', der(0x2c, utf8('system:admin'))],
    ['a value that is broken inside', der(0x30, '\xff\xff')],
  ])('does not count %s', (_, value) => {
    const found = read([o(utf8('dev')), cn(value)]);
    expect(found.subject).toMatchObject({ commonName: null, organizations: ['dev'] });
    expect(read([cn(utf8('bob')), cn(value)]).commonNames).toEqual(['bob']);
    expect(found.parseError).toBeUndefined();
  });

  test.each([
    ['not UTF-8', der(0x0c, Uint8Array.from([0xc3, 0x28])), 'a string of the subject is not UTF-8'],
    [
      'not printable',
      printable('a_b'),
      'a string of the subject has a character that its type does not allow',
    ],
    [
      'not ASCII',
      der(0x16, Uint8Array.from([0xe9])),
      'a string of the subject has a character that its type does not allow',
    ],
    ['half a character', der(0x1e, 'abc'), 'a BMPString of the subject is invalid'],
    ['a surrogate', bmp('🐻'), 'a BMPString of the subject is invalid'],
    ['of a tag in more octets than it takes', Buffer.from('1f1e00', 'hex'), 'the content is not DER'],
  ])('is refused where a string is %s', (_, value, parseError) => {
    expect(read([cn(value)])).toMatchObject({ parseError, key: { algorithm: 'ECDSA' } });
  });
});

describe('alternative names', () => {
  test('of each type are read, other types skipped', () => {
    const address6 = Buffer.from('20010db8000000000000000000000001', 'hex');
    const mapped = Buffer.from('00000000000000000000ffff0a600001', 'hex');
    const names = alternativeNames(
      der(0x82, 'kubernetes.default.svc'),
      der(0x81, 'a@example.com'),
      der(0x86, 'spiffe://x/y'),
      der(0x87, Uint8Array.from([10, 96, 0, 1])),
      der(0x87, address6),
      der(0x87, mapped),
      der(0xa0, 'another name'),
    );
    const { subject, parseError } = readRequest(request({ attributes: [extensionRequest(names)] }));
    expect(subject).toMatchObject({
      dnsNames: ['kubernetes.default.svc'],
      emailAddresses: ['a@example.com'],
      uris: ['spiffe://x/y'],
      ipAddresses: ['10.96.0.1', '2001:db8::1', '10.96.0.1'],
    });
    expect(parseError).toBeUndefined();
  });

  test.each([
    ['requested twice', [alternativeNames(), alternativeNames()], 'an extension is requested twice'],
    ['with an address of five bytes', [alternativeNames(der(0x87, 'abcde'))], 'an IP address has 5 bytes'],
    ['not ASCII', [alternativeNames(der(0x82, 'é'))], 'an alternative name is not ASCII'],
  ])('%s are refused, and the subject is read', (_, extensions, parseError) => {
    const found = readRequest(request({ attributes: [extensionRequest(...extensions)] }));
    expect(found).toMatchObject({ parseError, subject: { commonName: 'bob' } });
  });

  test.each([
    ['a challenge password', attribute('1.2.840.113549.1.9.7', utf8('secret'))],
    ['what is no attribute', der(0x22, 'x')],
    ['a value that is broken inside', attribute('1.2.3', der(0x30, '\x8f'))],
    ['an extension request without a value', attribute('1.2.840.113549.1.9.14')],
  ])('are found behind %s', (_, other) => {
    const attributes = [other, extensionRequest(alternativeNames(der(0x82, 'a.svc')))];
    const { subject, parseError } = readRequest(request({ attributes }));
    expect(subject?.dnsNames).toEqual(['a.svc']);
    expect(parseError).toBeUndefined();
  });
});
