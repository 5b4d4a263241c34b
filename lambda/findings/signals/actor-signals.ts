import { type Network, parseAddress, parseNetwork } from '../../kql/ip.ts';
import { type Circumstances, few, type ReadSignal, short } from './circumstances.ts';

function nameOf({ actor }: Circumstances): string {
  return short(actor.name ?? 'an unnamed user');
}

/** The approver is whom the API server took it from: the impersonated user, and the one behind it. */
export const selfApproval: ReadSignal = (about) => {
  const { phase, actor, request } = about;
  if (phase !== 'approved' || request.requester === undefined) return undefined;
  const names = [actor.name, actor.impersonated?.name];
  if (!names.includes(request.requester)) return undefined;
  const as = actor.impersonated?.name;
  return {
    id: 'self-approval',
    sentence: as
      ? `${nameOf(about)}, acting as ${short(as)}, approved a request made by ${short(request.requester)}: one hand did both.`
      : `${nameOf(about)} approved its own request.`,
    evidence: {
      approver: names.flatMap((name) => (name ? [short(name)] : [])),
      requester: short(request.requester),
    },
    raisesTo: 'critical',
  };
};

export const impersonation: ReadSignal = (about) => {
  const { impersonated } = about.actor;
  if (!impersonated) return undefined;
  return {
    id: 'impersonation',
    sentence: `${nameOf(about)} acted as ${short(impersonated.name ?? 'another user')}, by impersonation.`,
    evidence: { name: short(impersonated.name ?? ''), groups: few(impersonated.groups) },
  };
};

/** Addresses that no one reaches over the internet; 100.64.0.0/10 and 198.18.0.0/15 are usual for pods on AWS. */
const nonPublic: readonly Network[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
  ...['::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
].flatMap((text) => parseNetwork(text) ?? []);

export const publicSourceAddress: ReadSignal = ({ actor: { sourceIPs } }) => {
  const address = sourceIPs.at(-1);
  const parsed = address === undefined ? undefined : parseAddress(address);
  if (address === undefined || parsed === undefined) return undefined;
  if (nonPublic.some(({ first, last }) => parsed >= first && parsed <= last)) return undefined;
  const others = sourceIPs.length > 1 ? '; those before it are what the client says' : '';
  return {
    id: 'public-source-address',
    sentence: `It came from the public address ${address} (the last of sourceIPs, which a client can't forge${others}).`,
    evidence: address,
  };
};

/** Tools of people and libraries of scripts: what runs in a pod for Kubernetes' sake calls itself something else. */
const scripting =
  /^(kubectl|k9s|curl|wget|httpie|python(-requests|-urllib3?|-httpx)?|aiohttp|openapi-generator|go-http-client|okhttp|java|axios|node(-fetch)?|undici|ruby|rest-client|libwww-perl|php|guzzlehttp|powershell|postmanruntime|insomnia)(?=[/ ]|$)/i;

export const scriptedServiceAccount: ReadSignal = (about) => {
  const { name, userAgent } = about.actor;
  if (!name?.startsWith('system:serviceaccount:') || userAgent === undefined) return undefined;
  const [tool] = scripting.exec(userAgent) ?? [];
  if (tool === undefined) return undefined;
  return {
    id: 'scripted-service-account',
    sentence: `${nameOf(about)} is a service account, but was driven with ${tool}, as a stolen token would be.`,
    evidence: short(userAgent),
  };
};
