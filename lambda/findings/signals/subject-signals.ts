import { certificateUse, isNodeCertificate } from '../certificate-use.ts';
import type { Subject } from '../finding.ts';
import { type Circumstances, few, inWords, named, type ReadSignal, short } from './circumstances.ts';

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

/** The names of a subject that Kubernetes or a provider reserves. */
interface ReservedNames {
  readonly subject: Subject;
  readonly user: string | undefined;
  readonly groups: readonly string[];
}

function reservedNamesOf(about: Circumstances): ReservedNames[] {
  return subjectsOf(about).flatMap((subject) => {
    const { commonName, organizations } = subject;
    const user = commonName !== null && isPrivilegedUser(commonName) ? commonName : undefined;
    const groups = organizations.filter(isPrivilegedGroup).sort(mastersFirst);
    return user === undefined && groups.length === 0 ? [] : [{ subject, user, groups }];
  });
}

function isLogin({ request }: Circumstances): boolean {
  const use = certificateUse(request);
  return use === 'login' || use === 'unknown';
}

function evidenceOf({ user, groups }: ReservedNames) {
  return { commonName: user === undefined ? null : short(user), organizations: few(groups) };
}

export const privilegedSubject: ReadSignal = (about) => {
  if (!isLogin(about)) return undefined;
  const names = reservedNamesOf(about).find(({ subject }) => !isNodeCertificate(about, subject));
  if (!names) return undefined;
  const { subject, user, groups } = names;
  const who = [
    ...(user === undefined ? [] : [`the user ${named(user)}`]),
    ...(groups.length === 0 ? [] : [`in the group ${inWords(groups)}`]),
  ];
  const rights = groups.includes(masters) ? ', which has every permission and cannot be restricted' : '';
  const claim = subject === about.certificate?.subject ? 'is' : 'would be';
  return {
    id: 'privileged-subject',
    sentence: `The holder of the certificate ${claim} ${who.join(' ')}${rights}.`,
    evidence: evidenceOf(names),
    raisesTo: 'critical',
  };
};

/** The same names in a certificate that is not a login. */
export const reservedSubject: ReadSignal = (about) => {
  const [names] = reservedNamesOf(about);
  if (!names || isLogin(about)) return undefined;
  const { user, groups } = names;
  const reserved = [...(user === undefined ? [] : [user]), ...groups];
  return {
    id: 'reserved-subject',
    sentence: `The subject contains the reserved name ${inWords(reserved)}, but the certificate is not a login to the API server.`,
    evidence: evidenceOf(names),
  };
};

export const nodeJoin: ReadSignal = (about) => {
  const node = subjectsOf(about).find((subject) => isNodeCertificate(about, subject));
  if (!node?.commonName) return undefined;
  const { requester } = about.request;
  const own = requester === node.commonName;
  const sentence = own
    ? `A node renews its own certificate: ${named(node.commonName)}.`
    : `A node joins: ${named(requester ?? '')} requested the node's own certificate, ${named(node.commonName)}.`;
  return { id: 'node-join', sentence, evidence: { node: short(node.commonName) } };
};

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
