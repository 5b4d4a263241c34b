import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import { cn, der, encoded, name, oid, pem, request, requestDer, utf8 } from './build.ts';
import { x509 } from './peculiar.ts';

const folder = new URL('../../fixtures/requests/', import.meta.url);
const made = (file: string) => readRequest(encoded(readFileSync(new URL(`${file}.csr`, folder))));
const none = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

/** Go's readings of the fixtures (go.test.ts), with a reason if it refuses one. */
const fixtures: Record<string, object> = {
  'rsa-2048': {
    subject: { commonName: 'bob', organizations: ['dev', 'oidc:security'], ...none },
    key: { algorithm: 'RSA', bits: 2048 },
  },
  'rsa-1024-sha1': {
    subject: { commonName: 'old', organizations: [], ...none },
    key: { algorithm: 'RSA', bits: 1024 },
  },
  'rsa-pss': {
    subject: { commonName: 'pss', organizations: [], ...none },
    key: { algorithm: 'RSA', bits: 2048 },
  },
  'rsa-pss-short-salt': {
    subject: { commonName: 'pss', organizations: ['system:masters'], ...none },
    parseError: 'the signature algorithm is unknown to the API server',
  },
  p384: {
    subject: { commonName: 'ops', organizations: ['system:masters'], ...none },
    key: { algorithm: 'ECDSA', bits: 384 },
  },
  p521: {
    subject: { commonName: 'big', organizations: [], ...none },
    key: { algorithm: 'ECDSA', bits: 521 },
  },
  ed25519: {
    subject: { commonName: 'ed', organizations: [], ...none },
    key: { algorithm: 'Ed25519', bits: 256 },
  },
  secp256k1: {
    subject: { commonName: 'coin', organizations: ['system:masters'], ...none },
    key: { algorithm: 'ECDSA' },
    parseError: 'the elliptic curve is unknown to the API server',
  },
  'explicit-curve': {
    subject: { commonName: 'explicit', organizations: [], ...none },
    parseError: 'the DER has tag 0x30 where 0x06 belongs',
  },
  ed448: {
    subject: { commonName: 'ed448', organizations: [], ...none },
    key: { algorithm: 'unknown' },
    parseError: 'the algorithm of the key is unknown to the API server',
  },
  'several-common-names': {
    subject: { commonName: 'harmless', organizations: ['one'], ...none },
    commonNames: ['system:admin', 'harmless'],
  },
  'multi-value-rdn': {
    subject: { commonName: 'system:node:a', organizations: ['system:nodes', 'second'], ...none },
  },
  utf8: { subject: { commonName: 'bjørn 🐻', organizations: ['équipe'], ...none } },
  'no-subject': { subject: { commonName: null, organizations: [], ...none, dnsNames: ['only.san'] } },
  'alternative-names': {
    subject: {
      commonName: 'system:node:web.shop.svc',
      organizations: ['system:nodes'],
      dnsNames: ['kubernetes.default.svc', 'web.shop.svc'],
      ipAddresses: ['10.96.0.1', '2001:db8::1'],
      emailAddresses: ['a@example.com'],
      uris: ['spiffe://cluster/ns/a'],
    },
  },
  'other-label': {
    subject: { commonName: 'new', organizations: ['system:masters'], ...none },
    parseError: 'the PEM block is labeled "NEW CERTIFICATE REQUEST"',
  },
};

describe('a request made by openssl', () => {
  test.each(Object.entries(fixtures))('%s is read as the API server reads it', (file, expected) => {
    const read = made(file);
    expect(read).toMatchObject(expected);
    expect(read.parseError).toBe('parseError' in expected ? expected.parseError : undefined);
  });

  test('is in the table', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.csr'));
    expect(files.map((file) => file.replace('.csr', '')).sort()).toEqual(Object.keys(fixtures).sort());
  });
});

test.each([
  { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-512',
  },
  {
    name: 'RSA-PSS',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
    saltLength: 32,
  },
  { name: 'Ed25519' },
])('a request made with WebCrypto is read and its signature holds: $name', async (algorithm) => {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new Error('no pair');
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=jane, O=dev, O=ops',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'a.example' }])],
  });
  const read = readRequest(encoded(made.toString('pem')));
  expect(read.subject).toEqual({
    commonName: 'jane',
    organizations: ['dev', 'ops'],
    ...none,
    dnsNames: ['a.example'],
  });
  expect(read.parseError).toBeUndefined();
});

describe('a signature', () => {
  test('of another request is refused, and the subject is read', () => {
    const bytes = requestDer({ subject: name([cn(utf8('bob'))]) });
    bytes.write('eve', bytes.indexOf('bob'));
    expect(readRequest(encoded(pem(bytes)))).toMatchObject({
      parseError: 'the signature was not made with the key',
      subject: { commonName: 'eve' },
    });
  });

  test.each([
    ['1.2.840.113549.1.1.4', 'the signature algorithm is unknown to the API server'],
    ['1.2.840.113549.1.1.11', 'the algorithms of the signature and the key differ'],
  ])('of algorithm %s is refused', (algorithm, parseError) => {
    expect(readRequest(request({ algorithm: der(0x30, oid(algorithm)) }))).toMatchObject({ parseError });
  });
});
