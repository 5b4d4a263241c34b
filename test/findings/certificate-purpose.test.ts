import { describe, expect, test } from 'vitest';
import type { Origin } from '../../lambda/audit/audit-record.ts';
import {
  certificateUse,
  isEksAttempt,
  isNodeCertificate,
  isOnEks,
  isSignedByCluster,
  issuedCertificateOf,
  subjectOf,
  suspectOf,
} from '../../lambda/findings/certificate-use.ts';
import type { CsrRequest, Finding } from '../../lambda/findings/finding.ts';
import { csrEvent, findingOf } from './event.ts';
import { actor, client, eks, issued, login, node, request, subject } from './quiet-request.ts';

const finding = await findingOf(csrEvent());
const logGroup = (name: string): Origin => ({ kind: 'log-stream', logGroup: name, logStream: 's' });

describe('a certificate is good for', () => {
  const client = 'kubernetes.io/kube-apiserver-client';
  const kubelet = 'kubernetes.io/kube-apiserver-client-kubelet';
  const legacy = 'kubernetes.io/legacy-unknown';
  test.each<[string | undefined, string[] | undefined, string]>([
    [undefined, undefined, 'unknown'],
    [undefined, ['client auth'], 'login'],
    [undefined, ['digital signature'], 'login'],
    [undefined, ['any'], 'login'],
    [undefined, ['server auth'], 'server'],
    [undefined, ['server auth', 'client auth'], 'login'],
    [undefined, ['code signing'], 'other'],
    [client, undefined, 'login'],
    [client, [], 'login'],
    [client, ['client auth'], 'login'],
    [client, ['server auth'], 'server'],
    [kubelet, ['any'], 'login'],
    [legacy, ['digital signature'], 'login'],
    ...[
      ...['code signing', 'email protection', 's/mime', 'timestamping', 'ocsp signing'],
      ...['ipsec end system', 'ipsec tunnel', 'ipsec user', 'microsoft sgc', 'netscape sgc'],
    ].map((usage): [string, string[], string] => [legacy, ['digital signature', usage], 'other']),
    ['kubernetes.io/kubelet-serving', undefined, 'server'],
    ['kubernetes.io/kubelet-serving', ['client auth'], 'server'],
    ['beta.eks.amazonaws.com/app-serving', ['digital signature'], 'server'],
    ['example.com/signer', ['server auth'], 'server'],
    ['example.com/signer', ['client auth'], 'other'],
    ['example.com/signer', undefined, 'other'],
  ])('signer %s, usages %j: %s', (signerName, usages, use) => {
    const asked: CsrRequest = {
      ...(signerName === undefined ? {} : { signerName }),
      ...(usages === undefined ? {} : { usages }),
    };
    expect(certificateUse(asked)).toBe(use);
  });
});

describe('a node requests its own login', () => {
  const joining = { ...login, requester: 'system:bootstrap:abcdef' };
  const machineConfig = 'system:serviceaccount:openshift-machine-config-operator:node-bootstrapper';
  test.each<[string, Parameters<typeof isNodeCertificate>, boolean]>([
    ['by a bootstrap token', [{ request: joining, actor }, node], true],
    [
      'by a bootstrap token whose name has two lines',
      [{ request: { ...joining, requester: 'system:bootstrap:a\nb' }, actor }, node],
      true,
    ],
    [
      'by a bootstrap token without a name',
      [{ request: { ...joining, requester: 'system:bootstrap:' }, actor }, node],
      false,
    ],
    ['by itself', [{ request: { ...joining, requester: 'system:node:a' }, actor }, node], true],
    [
      'by kubelet-bootstrap',
      [{ request: { ...joining, requester: 'kubelet-bootstrap' }, actor }, node],
      true,
    ],
    ['by a similar name', [{ request: { ...joining, requester: 'kubelet-bootstrap2' }, actor }, node], false],
    [
      'by a similar name',
      [{ request: { ...joining, requester: 'x-kubelet-bootstrap' }, actor }, node],
      false,
    ],
    ['by OpenShift', [{ request: { ...joining, requester: machineConfig }, actor }, node], true],
    [
      'by a group',
      [{ request: { ...joining, requester: 'x', requesterGroups: ['system:bootstrappers'] }, actor }, node],
      true,
    ],
    ['by another', [{ request: { ...joining, requester: 'x', requesterGroups: ['x'] }, actor }, node], false],
    ['by no one', [{ request: { signerName: login.signerName }, actor }, node], false],
    [
      'by no one, in a group',
      [{ request: { signerName: login.signerName, requesterGroups: ['system:bootstrappers'] }, actor }, node],
      false,
    ],
    ['by a claim', [{ request: { ...joining, requesterClaimed: true }, actor }, node], false],
    [
      'by impersonation',
      [{ request: joining, actor: { ...actor, impersonated: { name: 'x', groups: [] } } }, node],
      false,
    ],
    [
      'of another signer',
      [{ request: { ...joining, signerName: 'kubernetes.io/kube-apiserver-client' }, actor }, node],
      false,
    ],
    ['for no user', [{ request: joining, actor }, subject(null, 'system:nodes')], false],
    ['for another user', [{ request: joining, actor }, subject('system:admin', 'system:nodes')], false],
    ['without a group', [{ request: joining, actor }, subject('system:node:a')], false],
    ['in another group', [{ request: joining, actor }, subject('system:node:a', 'system:masters')], false],
    [
      'in a second group',
      [{ request: joining, actor }, subject('system:node:a', 'system:nodes', 'system:masters')],
      false,
    ],
  ])('%s', (_, [facts, owner], expected) => {
    expect(isNodeCertificate(facts, owner)).toBe(expected);
  });
});

test.each<[Origin, boolean]>([
  [eks, true],
  [logGroup('/aws/eks/prod/cluster/x'), false],
  [logGroup('x/aws/eks/prod/cluster'), false],
  [{ kind: 'file', path: '/aws/eks/prod/cluster' }, false],
])('%j is on EKS: %s', (origin, expected) => {
  expect(isOnEks({ place: { origin } })).toBe(expected);
});

test.each<[string, Partial<Finding>, boolean]>([
  ['a login on EKS', { place: { origin: eks }, request: client }, true],
  ['a login elsewhere', { request: client }, false],
  ['another signer on EKS', { place: { origin: eks }, request }, false],
])('%s is an attempt that EKS never signs: %s', (_, changes, expected) => {
  expect(isEksAttempt({ ...finding, ...changes })).toBe(expected);
});

test.each<[string, Partial<Finding>, boolean]>([
  ['an unknown signer', { request: {} }, true],
  ["Kubernetes' own", { request: client }, true],
  ['another', { request }, false],
  ["the certificate's own signer", { request, issuance: client }, true],
  ["the certificate's unknown signer", { request, issuance: {} }, true],
  ["the certificate's other signer", { request: client, issuance: request }, false],
])('%s signs with the CA of the cluster: %s', (_, changes, expected) => {
  expect(isSignedByCluster({ ...finding, ...changes })).toBe(expected);
});

describe('the user to ask', () => {
  const asked = { ...request, requester: 'eve' };
  test.each<[string | null, Partial<Finding>, string | null]>([
    ['jane', {}, 'jane'],
    ['jane', { phase: 'issued', request: asked }, 'jane'],
    ['system:kube-controller-manager', { phase: 'issued', request: asked }, 'eve'],
    ['system:serviceaccount:kube-system:certificate-controller', { phase: 'issued', request: asked }, 'eve'],
    ['system:gcp-controller-manager', { phase: 'issued', request: asked }, 'eve'],
    ['eks:certificate-controller', { phase: 'issued', request: asked }, 'eve'],
    ['eks:certificate-controller', { phase: 'issued', request: {} }, null],
    ['eks:certificate-controller', { phase: 'approved', request: asked }, 'eks:certificate-controller'],
    ['eks:certificate-controller2', { phase: 'issued', request: asked }, 'eks:certificate-controller2'],
    ['x:eks:certificate-controller', { phase: 'issued', request: asked }, 'x:eks:certificate-controller'],
    [null, { phase: 'issued', request: asked }, null],
  ])('of an event by %s', (name, changes, suspect) => {
    expect(suspectOf({ ...finding, actor: { ...actor, name }, ...changes })).toBe(suspect);
  });
});

test('a finding is about the certificate that was issued, and not about one that only authenticated', () => {
  const certificate = issued(60, subject('signed'));
  const asked = { ...finding, request: { ...request, subject: subject('asked') } };
  expect(issuedCertificateOf(finding)).toBeUndefined();
  expect(issuedCertificateOf({ ...asked, certificate })).toBe(certificate);
  expect(issuedCertificateOf({ ...asked, certificate, issuance: {} })).toBeUndefined();
  expect(subjectOf({ ...asked, certificate })?.commonName).toBe('signed');
  expect(subjectOf({ ...asked, certificate, issuance: {} })?.commonName).toBe('asked');
  expect(subjectOf({ ...asked, certificate: issued(60) })?.commonName).toBe('asked');
  expect(subjectOf(finding)).toBeUndefined();
});
