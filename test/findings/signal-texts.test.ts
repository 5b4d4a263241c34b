import { describe, expect, test } from 'vitest';
import type { EventFacts, Signal } from '../../lambda/findings/finding.ts';
import type { Reading } from '../../lambda/findings/read-request.ts';
import { csrEvent } from './event.ts';
import {
  actor,
  client,
  eks,
  issued,
  legacy,
  login,
  node,
  request,
  sentence,
  serving,
  signals,
  subject,
} from './quiet-request.ts';

test('an ordinary request has no signals', () => {
  expect(signals({})).toEqual([]);
});

describe('the sentence and the evidence', () => {
  test.each<[string, Partial<EventFacts>, Signal]>([
    [
      'a user and a group that Kubernetes reserves',
      { request: { ...login, subject: subject('system:admin', 'dev', 'system:a', 'system:masters') } },
      {
        id: 'privileged-subject',
        sentence:
          'The holder of the certificate would be the user "system:admin" in the group "system:masters", "system:a", which has every permission and cannot be restricted.',
        evidence: { commonName: 'system:admin', organizations: ['system:masters', 'system:a'] },
        raisesTo: 'critical',
      },
    ],
    [
      'only a group',
      { request: { ...login, subject: subject('bob', 'kubeadm:cluster-admins') } },
      {
        id: 'privileged-subject',
        sentence: 'The holder of the certificate would be in the group "kubeadm:cluster-admins".',
        evidence: { commonName: null, organizations: ['kubeadm:cluster-admins'] },
        raisesTo: 'critical',
      },
    ],
    [
      'no user name',
      { request: { ...login, subject: subject(null, 'system:b') } },
      {
        id: 'privileged-subject',
        sentence: 'The holder of the certificate would be in the group "system:b".',
        evidence: { commonName: null, organizations: ['system:b'] },
        raisesTo: 'critical',
      },
    ],
    [
      'a certificate that was issued for another subject',
      { certificate: issued(60, subject('eks:a')), request: { ...login, subject: subject('system:b') } },
      {
        id: 'privileged-subject',
        sentence: 'The holder of the certificate is the user "eks:a".',
        evidence: { commonName: 'eks:a', organizations: [] },
        raisesTo: 'critical',
      },
    ],
    [
      'five groups',
      {
        request: {
          ...login,
          subject: subject('a', 'system:1', 'system:2', 'system:3', 'system:4', 'system:5'),
        },
      },
      {
        id: 'privileged-subject',
        sentence:
          'The holder of the certificate would be in the group "system:1", "system:2", "system:3" and 2 more.',
        evidence: {
          commonName: null,
          organizations: ['system:1', 'system:2', 'system:3', 'system:4', 'system:5'],
        },
        raisesTo: 'critical',
      },
    ],
    [
      'three groups',
      { request: { ...login, subject: subject('a', 'system:1', 'system:2', 'system:3') } },
      {
        id: 'privileged-subject',
        sentence: 'The holder of the certificate would be in the group "system:1", "system:2", "system:3".',
        evidence: { commonName: null, organizations: ['system:1', 'system:2', 'system:3'] },
        raisesTo: 'critical',
      },
    ],
    [
      'a request whose signer and usages are unknown',
      { request: { subject: subject('system:admin') } },
      {
        id: 'privileged-subject',
        sentence: 'The holder of the certificate would be the user "system:admin".',
        evidence: { commonName: 'system:admin', organizations: [] },
        raisesTo: 'critical',
      },
    ],
    [
      'reserved names in a certificate that is not a login',
      { request: { ...request, subject: subject('aksService', 'system:a') } },
      {
        id: 'reserved-subject',
        sentence:
          'The subject contains the reserved name "aksService", "system:a", but the certificate is not a login to the API server.',
        evidence: { commonName: 'aksService', organizations: ['system:a'] },
      },
    ],
    [
      'a reserved group',
      { request: { ...request, subject: subject('bob', 'system:a') } },
      {
        id: 'reserved-subject',
        sentence:
          'The subject contains the reserved name "system:a", but the certificate is not a login to the API server.',
        evidence: { commonName: null, organizations: ['system:a'] },
      },
    ],
    [
      'a node that renews its certificate',
      { request: { ...login, requester: 'system:node:a', subject: node } },
      {
        id: 'node-join',
        sentence: 'A node renews its own certificate: "system:node:a".',
        evidence: { node: 'system:node:a' },
      },
    ],
    [
      'a node that joins',
      { request: { ...login, requester: 'system:bootstrap:abcdef', subject: node } },
      {
        id: 'node-join',
        sentence:
          'A node joins: "system:bootstrap:abcdef" requested the node\'s own certificate, "system:node:a".',
        evidence: { node: 'system:node:a' },
      },
    ],
    [
      'the name and the address of the API server',
      {
        request: {
          ...request,
          subject: {
            ...subject('a'),
            dnsNames: ['web', 'kubernetes.default.svc', 'kubernetes.default.svc'],
            ipAddresses: ['10.0.0.1', '10.96.0.1', '10.100.0.1', '172.20.0.1'],
          },
        },
      },
      {
        id: 'api-server-name',
        sentence:
          'The holder of the certificate can impersonate the API server, whose names include "kubernetes.default.svc", "10.96.0.1", "10.100.0.1" and 1 more.',
        evidence: ['kubernetes.default.svc', '10.96.0.1', '10.100.0.1', '172.20.0.1'],
      },
    ],
    [
      'a short RSA key',
      { request: { ...request, key: { algorithm: 'RSA', bits: 1_024 } } },
      {
        id: 'weak-key',
        sentence: 'The key is weak: RSA with 1024 bits, fewer than 2048.',
        evidence: { algorithm: 'RSA', bits: 1_024 },
      },
    ],
    [
      'an approval of the own request',
      { phase: 'approved' },
      {
        id: 'self-approval',
        sentence: '"jane" approved its own request.',
        evidence: { approver: ['jane'], requester: 'jane' },
        raisesTo: 'critical',
      },
    ],
    [
      'a certificate that was issued to a person',
      { phase: 'issued', request: legacy },
      {
        id: 'issued-to-non-system',
        sentence:
          'A client certificate was issued to "jane", which is not a component of the cluster. The certificate stays valid, even if that account is disabled.',
        evidence: { requester: 'jane' },
        raisesTo: 'critical',
      },
    ],
    [
      'a certificate that was issued to a person, as the client states',
      { phase: 'issued', request: { ...legacy, requesterClaimed: true }, certificate: issued(60) },
      {
        id: 'issued-to-non-system',
        sentence:
          'A client certificate was issued to "jane" (as the client claims), which is not a component of the cluster. The certificate stays valid until 2026-01-01T00:01:00.000Z, even if that account is disabled.',
        evidence: { requester: 'jane', sha256: 'ab'.repeat(32) },
        raisesTo: 'critical',
      },
    ],
    [
      'a certificate that lasts long',
      { certificate: issued(30.5 * 86_400) },
      {
        id: 'long-expiration',
        sentence: 'The certificate is valid for 31 days, and Kubernetes cannot revoke a certificate.',
        evidence: { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-31T12:00:00.000Z' },
      },
    ],
    [
      'a long lifetime in a request',
      { request: { ...request, expirationSeconds: 31_536_000 } },
      {
        id: 'long-expiration',
        sentence: 'The requested lifetime is 365 days, and Kubernetes cannot revoke a certificate.',
        evidence: { expirationSeconds: 31_536_000 },
      },
    ],
    [
      'client certificates by usage',
      { request: { ...request, usages: ['any', 'digital signature', 'client auth'] } },
      {
        id: 'client-auth-usage',
        sentence: 'The certificate is for client authentication: its usages include any and client auth.',
        evidence: ['any', 'client auth'],
      },
    ],
    [
      'a request that cannot be read',
      { request: { ...request, parseError: 'no\u0000PEM' } },
      {
        id: 'unparseable-request',
        sentence: 'The certificate request cannot be read as the API server reads it: no\\u{0}PEM.',
        evidence: 'no\u0000PEM',
      },
    ],
    [
      'a dry run',
      { outcome: 'dry-run' },
      {
        id: 'dry-run',
        sentence: 'This was a dry run: nothing was stored, but the API server would have accepted it.',
      },
    ],
    [
      'a refusal by the authorizer',
      { outcome: 'refused', responseCode: 403 },
      {
        id: 'refused-attempt',
        sentence: 'The API server refused the request (403), so it changed nothing.',
        evidence: { code: 403 },
      },
    ],
    [
      'a refusal by admission',
      {
        outcome: 'refused',
        responseCode: 409,
        event: csrEvent(
          {},
          {
            responseStatus: { message: 'it exists' },
            annotations: { 'authorization.k8s.io/decision': 'allow' },
          },
        ),
      },
      {
        id: 'refused-attempt',
        sentence: 'The request was authorized, but the API server refused it (409), so it changed nothing.',
        evidence: { code: 409, message: 'it exists' },
      },
    ],
    [
      'an event that lost its bodies',
      { event: csrEvent({}, { annotations: { 'audit.k8s.io/truncated': 'true' } }) },
      {
        id: 'body-truncated',
        sentence:
          'The event was too large for the audit log and lost its bodies (audit.k8s.io/truncated). A client can cause this on purpose: review the request in the cluster.',
      },
    ],
    [
      'an event without a body',
      { event: csrEvent({}, { responseObject: null }) },
      {
        id: 'body-missing',
        sentence:
          'The audit log has no body of this request, so its content is unknown: review the request in the cluster.',
      },
    ],
    [
      'a public address',
      { actor: { ...actor, sourceIPs: ['203.0.113.9'] } },
      {
        id: 'public-source-address',
        sentence:
          'The request came from the public address 203.0.113.9 (the last entry of sourceIPs, which a client cannot forge).',
        evidence: '203.0.113.9',
      },
    ],
    [
      'a public address behind a proxy',
      { actor: { ...actor, sourceIPs: ['10.0.0.1', '203.0.113.9'] } },
      {
        id: 'public-source-address',
        sentence:
          'The request came from the public address 203.0.113.9 (the last entry of sourceIPs, which a client cannot forge; it can forge the entries before).',
        evidence: '203.0.113.9',
      },
    ],
    [
      'a service account with a tool',
      { actor: { ...actor, name: 'system:serviceaccount:a:b', userAgent: 'Python-requests/2.34 x' } },
      {
        id: 'scripted-service-account',
        sentence:
          '"system:serviceaccount:a:b" is a service account, but its client was Python-requests: the token may be stolen.',
        evidence: 'Python-requests/2.34 x',
      },
    ],
    [
      'impersonation',
      { actor: { ...actor, impersonated: { name: 'eve', groups: ['a'] } } },
      {
        id: 'impersonation',
        sentence: '"jane" impersonated "eve".',
        evidence: { name: 'eve', groups: ['a'] },
      },
    ],
    [
      'impersonation without names',
      { actor: { ...actor, name: null, impersonated: { name: null, groups: [] } } },
      {
        id: 'impersonation',
        sentence: 'An unidentified user impersonated another user.',
        evidence: { name: '', groups: [] },
      },
    ],
    [
      "a login to the API server of the cluster's signer",
      { request: client },
      {
        id: 'api-server-client-signer',
        sentence:
          'Once approved, the certificate is a login to the API server, because its signer is kubernetes.io/kube-apiserver-client. On EKS, none is issued.',
        evidence: 'kubernetes.io/kube-apiserver-client',
      },
    ],
    [
      'a login to the API server on EKS',
      { request: client, place: { origin: eks } },
      {
        id: 'api-server-client-signer',
        sentence:
          'Certificates of the signer kubernetes.io/kube-apiserver-client are logins to the API server, but EKS issues none, even after approval: this is only an attempt.',
        evidence: 'kubernetes.io/kube-apiserver-client',
      },
    ],
    [
      "a server certificate of EKS's signer",
      { request: { ...serving, subject: { ...subject('a'), dnsNames: ['b'], ipAddresses: ['10.0.0.9'] } } },
      {
        id: 'app-serving-signer',
        sentence:
          'EKS issues certificates of this signer after approval. They are server certificates, so no one can log in with them, but their holder can impersonate "b", "10.0.0.9".',
        evidence: ['b', '10.0.0.9'],
      },
    ],
    [
      "a server certificate of EKS's signer as it was issued",
      { request: serving, certificate: issued(60, { ...subject('a'), dnsNames: ['c'] }) },
      {
        id: 'app-serving-signer',
        sentence:
          'EKS issues certificates of this signer after approval. They are server certificates, so no one can log in with them, but their holder can impersonate "c".',
        evidence: ['c'],
      },
    ],
    [
      "a server certificate of EKS's signer without names",
      { request: serving },
      {
        id: 'app-serving-signer',
        sentence:
          'EKS issues certificates of this signer after approval. They are server certificates, so no one can log in with them, but their holder can impersonate a service of the cluster.',
        evidence: [],
      },
    ],
  ])('of %s', (_, changes, expected) => {
    expect(signals(changes)).toEqual([expected]);
  });

  test.each<[string, Partial<EventFacts>, Reading, Signal]>([
    [
      'several common names',
      {},
      { request: { commonNames: ['a', 'b', 'c'] } },
      {
        id: 'several-common-names',
        sentence:
          'The subject has 3 common names, which no standard tool creates. The last one, "c", is the user name.',
        evidence: ['a', 'b', 'c'],
      },
    ],
    [
      'a certificate that cannot be read',
      {},
      { request: {}, certificateError: 'no\u0000PEM' },
      {
        id: 'unparseable-certificate',
        sentence: 'The certificate that was written cannot be read: no\\u{0}PEM.',
        evidence: 'no\u0000PEM',
      },
    ],
    [
      'a certificate for another request',
      { phase: 'issued', certificate: issued(60) },
      { request: { keyDigest: 'a' }, certificateKeyDigest: 'b' },
      {
        id: 'certificate-not-for-request',
        sentence:
          "The certificate's public key is not the request's, so the requester cannot log in with the certificate: a signer made a mistake, or the client that wrote the certificate planted that of another identity. csrwatch does not follow this certificate.",
        evidence: { sha256: 'ab'.repeat(32) },
      },
    ],
  ])('of %s', (_, changes, reading, expected) => {
    expect(signals(changes, reading)).toEqual([expected]);
  });
});

test.each<[string, Partial<EventFacts>, string | RegExp]>([
  ['api-server-client-signer', { phase: 'issued', request: client }, /^The certificate is a login/],
  [
    'self-approval',
    { phase: 'approved', actor: { ...actor, impersonated: { name: 'eve', groups: [] } } },
    '"jane", impersonating "eve", approved a request by "jane": the requester and the approver are the same.',
  ],
  [
    'self-approval',
    { phase: 'approved', actor: { ...actor, name: 'eve', impersonated: { name: 'jane', groups: [] } } },
    '"eve", impersonating "jane", approved a request by "jane": the requester and the approver are the same.',
  ],
  [
    'body-missing',
    { outcome: 'dry-run', event: csrEvent({}, { responseObject: null }) },
    'The audit log has no body of this request, so its content is unknown.',
  ],
])('%s, in other circumstances', (id, changes, expected) => {
  expect(sentence(id, changes)).toMatch(expected);
});

test('self-approval names the approver and the impersonated user as evidence, if they have names', () => {
  const evidence = (name: string | null, impersonated: string | null) =>
    signals({
      phase: 'approved',
      request: { ...request, requester: 'jane' },
      actor: { ...actor, name, impersonated: { name: impersonated, groups: [] } },
    }).find(({ id }) => id === 'self-approval')?.evidence;
  expect(evidence('jane', 'eve')).toEqual({ approver: ['jane', 'eve'], requester: 'jane' });
  expect(evidence('jane', null)).toEqual({ approver: ['jane'], requester: 'jane' });
  expect(evidence(null, 'jane')).toEqual({ approver: ['jane'], requester: 'jane' });
});
