import type { Subject } from '../finding.ts';
import { type Circumstances, few, inWords, named, type ReadSignal, short } from './circumstances.ts';
import { appServing } from './eks-evidence.ts';

/** The subject that was issued, which may differ from the requested one, and the requested one. */
function subjectsOf({ request, certificate }: Circumstances): readonly Subject[] {
  return [certificate?.subject, request.subject].filter((subject) => subject !== undefined);
}

/** Reserved: `system:` by Kubernetes, `eks:` by EKS, `aksService` by AKS, its administrators' group by kubeadm. */
const isPrivilegedUser = (name: string) =>
  name.startsWith('system:') || name.startsWith('eks:') || name === 'aksService';
const isPrivilegedGroup = (name: string) => name.startsWith('system:') || name === 'kubeadm:cluster-admins';

/** A long list is cut, and its author chose its order. */
const mastersFirst = (a: string, b: string) => Number(b === masters) - Number(a === masters);
const masters = 'system:masters';

export const privilegedSubject: ReadSignal = (about) => {
  for (const subject of subjectsOf(about)) {
    const { commonName, organizations } = subject;
    const user = commonName !== null && isPrivilegedUser(commonName) ? commonName : undefined;
    const groups = organizations.filter(isPrivilegedGroup).sort(mastersFirst);
    if (user === undefined && groups.length === 0) continue;
    const who = [
      ...(user === undefined ? [] : [`the user ${named(user)}`]),
      ...(groups.length === 0 ? [] : [`in the group ${inWords(groups)}`]),
    ];
    const rights = groups.includes(masters) ? ', which has every permission and cannot be restricted' : '';
    return {
      id: 'privileged-subject',
      sentence: `${claim(about, subject)} ${who.join(' ')}${rights}.`,
      evidence: { commonName: user === undefined ? null : short(user), organizations: few(groups) },
      raisesTo: 'critical',
    };
  }
  return undefined;
};

function claim({ request, certificate }: Circumstances, subject: Subject): string {
  if (request.signerName === appServing) {
    return 'This is a server certificate, which cannot log in, but its subject is';
  }
  return `The holder of the certificate ${subject === certificate?.subject ? 'is' : 'would be'}`;
}

export const severalCommonNames: ReadSignal = ({ reading }) => {
  const { commonNames = [] } = reading.request;
  const last = commonNames.at(-1);
  if (last === undefined || commonNames.length < 2) return undefined;
  return {
    id: 'several-common-names',
    sentence: `The subject has ${commonNames.length} common names, which no standard tool creates. The last one, ${named(last)}, is the user name.`,
    evidence: few(commonNames),
  };
};

/** The Service `kubernetes` in every form, wildcards that cover it, and EKS endpoints. */
const apiServerName =
  /^(\*|kubernetes)(\.default(\.svc(\.[a-z0-9.-]+)?)?)?$|\.eks\.amazonaws\.com(\.cn)?$|\.eks-cluster\.[a-z0-9.-]+$/i;
/** The limit of DNS. It also bounds the time that the expression takes on an attacker's text. */
const maxNameCharacters = 253;

const isApiServerName = (name: string) => name.length <= maxNameCharacters && apiServerName.test(name);

/** The first address of the default service networks of kubeadm and EKS. */
const apiServerAddresses = ['10.96.0.1', '10.100.0.1', '172.20.0.1'];

export const apiServerNames: ReadSignal = (about) => {
  const subjects = subjectsOf(about);
  const found = [
    ...subjects.flatMap(({ dnsNames }) => dnsNames.filter(isApiServerName)),
    ...subjects.flatMap(({ ipAddresses }) => ipAddresses.filter((ip) => apiServerAddresses.includes(ip))),
  ];
  const names = [...new Set(found)];
  if (names.length === 0) return undefined;
  return {
    id: 'api-server-name',
    sentence: `The holder of the certificate can impersonate the API server, whose names include ${inWords(names)}.`,
    evidence: few(names),
  };
};

const leastRsaBits = 2_048;

export const weakKey: ReadSignal = ({ request: { key } }) => {
  if (key?.algorithm !== 'RSA' || key.bits === undefined || key.bits >= leastRsaBits) return undefined;
  return {
    id: 'weak-key',
    sentence: `The key is weak: RSA with ${key.bits} bits, fewer than ${leastRsaBits}.`,
    evidence: key,
  };
};
