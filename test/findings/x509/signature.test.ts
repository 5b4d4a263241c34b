import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { elementAt, Refusal } from '../../../lambda/findings/x509/der.ts';
import { keyDigestOf } from '../../../lambda/findings/x509/public-key.ts';
import { signatureRefusal } from '../../../lambda/findings/x509/signature.ts';
import { der, oid } from './build.ts';

const keys = {
  // as short as a padding with SHA-512 and its salt allows
  rsa: generateKeyPairSync('rsa', { modulusLength: 1_040 }),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: generateKeyPairSync('ed25519'),
};
type KeyType = keyof typeof keys;

const signed = der(0x30, 'what is signed');
const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });
const identifier = (algorithm: string, ...parameters: Uint8Array[]) =>
  der(0x30, oid(algorithm), ...parameters);
const nothing = der(0x05);
const another = der(0x30, 'something else');

interface Case {
  readonly key?: KeyType;
  readonly identifier: Uint8Array;
  readonly signature?: Uint8Array;
  readonly keyInfo?: Uint8Array;
}

function refusal({ key = 'rsa', ...given }: Case): string | undefined {
  return signatureRefusal(
    elementAt(signed, 0),
    elementAt(given.keyInfo ?? spki(keys[key].publicKey), 0),
    elementAt(given.identifier, 0),
    elementAt(der(0x03, '\0', given.signature ?? ''), 0),
  );
}

const unknown = 'the signature algorithm is unknown to the API server';

describe('a signature with the algorithm', () => {
  const rows: [string, KeyType, string | null][] = [
    ['1.2.840.113549.1.1.5', 'rsa', 'sha1'],
    ['1.3.14.3.2.29', 'rsa', 'sha1'],
    ['1.2.840.113549.1.1.11', 'rsa', 'sha256'],
    ['1.2.840.113549.1.1.12', 'rsa', 'sha384'],
    ['1.2.840.113549.1.1.13', 'rsa', 'sha512'],
    ['1.2.840.10045.4.1', 'ec', 'sha1'],
    ['1.2.840.10045.4.3.2', 'ec', 'sha256'],
    ['1.2.840.10045.4.3.3', 'ec', 'sha384'],
    ['1.2.840.10045.4.3.4', 'ec', 'sha512'],
    ['1.3.101.112', 'ed25519', null],
  ];
  test.each(rows)('%s is made by a key of the type %s with %s', (algorithm, key, hash) => {
    const made = {
      key,
      identifier: identifier(algorithm),
      signature: sign(hash, signed, keys[key].privateKey),
    };
    expect(refusal(made)).toBeUndefined();
    expect(refusal({ ...made, signature: sign(hash, another, keys[key].privateKey) })).toBe(
      'the signature was not made with the key',
    );
    expect(refusal({ ...made, key: key === 'rsa' ? 'ec' : 'rsa' })).toBe(
      'the algorithms of the signature and the key differ',
    );
  });

  test('of Ed25519 has no parameters', () => {
    const made = { key: 'ed25519', signature: sign(null, signed, keys.ed25519.privateKey) } as const;
    expect(refusal({ ...made, identifier: identifier('1.3.101.112', nothing) })).toBe(unknown);
  });

  test('of RSA may have parameters', () => {
    const signature = sign('sha256', signed, keys.rsa.privateKey);
    expect(refusal({ signature, identifier: identifier('1.2.840.113549.1.1.11', nothing) })).toBeUndefined();
  });

  test.each(['1.2.840.113549.1.1.4', '1.2.840.10040.4.3'])('%s is unknown', (algorithm) => {
    expect(refusal({ identifier: identifier(algorithm) })).toBe(unknown);
  });

  test('is invalid if the key is', () => {
    const keyInfo = der(0x30, der(0x30, oid('1.2.840.113549.1.1.1')), der(0x03, '\0x'));
    expect(refusal({ keyInfo, identifier: identifier('1.2.840.113549.1.1.11') })).toBe(
      'the key or the signature is invalid',
    );
  });

  test('is refused if a part is not DER', () => {
    const part = elementAt(der(0x30), 0);
    expect(() => signatureRefusal(part, part, part, part)).toThrow(Refusal);
  });
});

describe('RSA-PSS', () => {
  const pss = '1.2.840.113549.1.1.10';
  const mgf1 = '1.2.840.113549.1.1.8';
  const sha256 = '2.16.840.1.101.3.4.2.1';
  const sha384 = '2.16.840.1.101.3.4.2.2';
  const sha512 = '2.16.840.1.101.3.4.2.3';
  const integer = (...octets: number[]) => der(0x02, Uint8Array.from(octets));
  const hashes = { [sha256]: 'sha256', [sha384]: 'sha384', [sha512]: 'sha512' };

  const parameters = ({
    hash = identifier(sha256),
    mask = identifier(mgf1, identifier(sha256)),
    salt = integer(32),
    trailer,
  }: {
    readonly hash?: Uint8Array;
    readonly mask?: Uint8Array;
    readonly salt?: Uint8Array;
    readonly trailer?: Uint8Array;
  }) =>
    der(
      0x30,
      der(0xa0, hash),
      der(0xa1, mask),
      der(0xa2, salt),
      ...(trailer === undefined ? [] : [der(0xa3, trailer)]),
    );
  const signature = (hash: string, saltLength: number) =>
    sign(hash, signed, {
      key: keys.rsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength,
    });

  test.each([
    [sha256, 32],
    [sha384, 48],
    [sha512, 64],
  ] as const)('with the hash %s has a salt of %i bytes', (hash, bytes) => {
    const given = parameters({
      hash: identifier(hash),
      mask: identifier(mgf1, identifier(hash)),
      salt: integer(bytes),
    });
    const made = { identifier: identifier(pss, given), signature: signature(hashes[hash], bytes) };
    expect(refusal(made)).toBeUndefined();
    expect(refusal({ ...made, signature: signature(hashes[hash], bytes - 1) })).toBe(
      'the signature was not made with the key',
    );
    expect(refusal({ ...made, key: 'ec' })).toBe('the algorithms of the signature and the key differ');
  });

  test.each([
    ['a hash with empty parameters', { hash: identifier(sha256, nothing) }],
    ['a mask whose hash has empty parameters', { mask: identifier(mgf1, identifier(sha256, nothing)) }],
    ['the default trailer', { trailer: integer(1) }],
  ])('may have %s', (_, changes) => {
    const made = { identifier: identifier(pss, parameters(changes)), signature: signature('sha256', 32) };
    expect(refusal(made)).toBeUndefined();
  });

  test('may have further fields, and other algorithms may have its parameters', () => {
    const given = parameters({});
    const more = der(0x30, elementAt(given, 0).content, der(0xa4, integer(1)));
    const made = { identifier: identifier(pss, more), signature: signature('sha256', 32) };
    expect(refusal(made)).toBeUndefined();
    const signed256 = sign('sha256', signed, keys.rsa.privateKey);
    const other = { identifier: identifier('1.2.840.113549.1.1.11', given), signature: signed256 };
    expect(refusal(other)).toBeUndefined();
  });

  test.each<[string, Uint8Array]>([
    ['another mask', parameters({ mask: identifier('1.2.3', identifier(sha256)) })],
    ['a mask without a hash', parameters({ mask: identifier(mgf1) })],
    ['a mask with another hash', parameters({ mask: identifier(mgf1, identifier(sha512)) })],
    ['another hash', parameters({ hash: identifier('1.2.3'), mask: identifier(mgf1, identifier('1.2.3')) })],
    ['a hash with parameters', parameters({ hash: identifier(sha256, integer(1)) })],
    ['a hash with a NULL that is not empty', parameters({ hash: identifier(sha256, der(0x05, 'x')) })],
    ['a hash with an empty element', parameters({ hash: identifier(sha256, der(0x04)) })],
    [
      'a mask whose hash has parameters',
      parameters({ mask: identifier(mgf1, identifier(sha256, integer(1))) }),
    ],
    ['a shorter salt', parameters({ salt: integer(20) })],
    ['a salt in two octets', parameters({ salt: integer(32, 0) })],
    ['another trailer', parameters({ trailer: integer(2) })],
    ['a trailer in two octets', parameters({ trailer: integer(1, 1) })],
    ['a trailer of another type', parameters({ trailer: der(0x04, '\x01') })],
    ['no sequence', der(0x31)],
    ['no hash', der(0x30, der(0xa1, identifier(mgf1, identifier(sha256))), der(0xa2, integer(32)))],
    ['nothing else', der(0x30, der(0xa0, identifier(sha256)))],
    ['an empty field', der(0x30, der(0xa0), der(0xa1, 'xx'))],
    ['fields in another order', der(0x30, der(0xa1, identifier(sha256)), der(0xa0, identifier(mgf1)))],
  ])('with %s is unknown', (_, given) => {
    expect(refusal({ identifier: identifier(pss, given), signature: signature('sha256', 32) })).toBe(unknown);
  });

  test('without parameters is unknown', () => {
    expect(refusal({ identifier: identifier(pss) })).toBe(unknown);
  });
});

test('the digest of a key is over its bits, whatever its algorithm', () => {
  const info = (algorithm: Uint8Array, bits: Uint8Array) => elementAt(der(0x30, algorithm, bits), 0);
  const digest = createHash('sha256').update('key').digest('hex');
  expect(keyDigestOf(info(der(0x30), der(0x03, '\0key')))).toBe(digest);
  expect(keyDigestOf(info(der(0x30, nothing), der(0x03, '\0key')))).toBe(digest);
  expect(keyDigestOf(info(der(0x30), der(0x04, '\0key')))).toBeUndefined();
  expect(keyDigestOf(info(der(0x31), der(0x03, '\0key')))).toBeUndefined();
  expect(keyDigestOf(elementAt(der(0x31), 0))).toBeUndefined();
});
