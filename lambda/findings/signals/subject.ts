import type { Subject } from '../finding.ts';
import { type Circumstances, few, inWords, type ReadSignal, short } from './circumstances.ts';
import { appServing } from './eks.ts';

/** What was asked for; of what was issued, where the event lacks the request. */
function subjectOf({ request, certificate }: Circumstances): Subject | undefined {
  return request.subject ?? certificate?.subject;
}

/** Kubernetes keeps `system:` for itself, EKS `eks:`, AKS `aksService`, kubeadm the group of its administrators. */
const isPrivilegedUser = (name: string) =>
  name.startsWith('system:') || name.startsWith('eks:') || name === 'aksService';
const isPrivilegedGroup = (name: string) => name.startsWith('system:') || name === 'kubeadm:cluster-admins';

export const privilegedSubject: ReadSignal = (about) => {
  const subject = subjectOf(about);
  if (!subject) return undefined;
  const { commonName, organizations } = subject;
  const users = commonName !== null && isPrivilegedUser(commonName) ? [commonName] : [];
  const groups = organizations.filter(isPrivilegedGroup);
  if (users.length + groups.length === 0) return undefined;
  const names = [
    ...users.map((name) => `the user ${short(name)}`),
    ...(groups.length > 0 ? [`the group ${inWords(groups)}`] : []),
  ];
  const worth = groups.includes('system:masters') ? ', which has every right and can be taken none' : '';
  const isServer = about.request.signerName === appServing;
  const note = isServer ? ' (EKS asks for such names with this signer: weigh the alternative names)' : '';
  return {
    id: 'privileged-subject',
    sentence: `The certificate is asked for ${names.join(' and ')}${worth}${note}.`,
    evidence: { commonName: users.map(short)[0] ?? null, organizations: few(groups) },
    raisesTo: 'critical',
  };
};

export const severalCommonNames: ReadSignal = ({ reading }) => {
  const { commonNames = [] } = reading.request;
  const last = commonNames.at(-1);
  if (last === undefined || commonNames.length < 2) return undefined;
  return {
    id: 'several-common-names',
    sentence: `The subject has ${commonNames.length} common names, which no tool makes by itself; the last one is the user: ${last === '' ? '(empty)' : short(last)}.`,
    evidence: few(commonNames),
  };
};

/** Names in the cluster's default domain and others, wildcards that cover them, and EKS's public endpoints. */
const apiServerName =
  /^(kubernetes|\*)(\.default(\.svc(\.[a-z0-9.-]+)?)?)$|^kubernetes$|^\*$|\.eks\.amazonaws\.com(\.cn)?$|\.eks-cluster\.[a-z0-9.-]+$/i;
/** The first address of the service networks that kubeadm and EKS set by default. */
const apiServerAddresses = ['10.96.0.1', '10.100.0.1', '172.20.0.1'];

export const apiServerNames: ReadSignal = (about) => {
  const { dnsNames = [], ipAddresses = [] } = subjectOf(about) ?? {};
  const names = [
    ...dnsNames.filter((name) => apiServerName.test(name)),
    ...ipAddresses.filter((address) => apiServerAddresses.includes(address)),
  ];
  if (names.length === 0) return undefined;
  return {
    id: 'api-server-name',
    sentence: `The alternative names include what the API server itself answers to: ${inWords(names)}. Its holder could pose as the API server.`,
    evidence: few(names),
  };
};

const leastRsaBits = 2_048;

export const weakKey: ReadSignal = ({ request: { key } }) => {
  if (key?.algorithm !== 'RSA' || key.bits === undefined || key.bits >= leastRsaBits) return undefined;
  return {
    id: 'weak-key',
    sentence: `The key is weak: RSA with ${key.bits} bits, less than ${leastRsaBits}.`,
    evidence: key,
  };
};
