import { type Network, parseAddress, parseNetwork } from '../../kql/ip-address.ts';
import { type Circumstances, few, named, type ReadSignal, short } from './circumstances.ts';

function nameOf({ actor }: Circumstances): string {
  return actor.name ? named(actor.name) : 'An unidentified user';
}

/** The API server records the impersonated user as the approver; the user behind it counts as well. */
export const selfApproval: ReadSignal = (about) => {
  const { phase, actor, request } = about;
  if (phase !== 'approved' || request.requester === undefined) return undefined;
  const names = [actor.name, actor.impersonated?.name];
  if (!names.includes(request.requester)) return undefined;
  const as = actor.impersonated?.name;
  return {
    id: 'self-approval',
    sentence: as
      ? `${nameOf(about)}, impersonating ${named(as)}, approved a request by ${named(request.requester)}: the requester and the approver are the same.`
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
    sentence: `${nameOf(about)} impersonated ${impersonated.name ? named(impersonated.name) : 'another user'}.`,
    evidence: { name: short(impersonated.name ?? ''), groups: few(impersonated.groups) },
  };
};

/** Addresses that cannot be reached over the internet. On AWS, pods often use 100.64.0.0/10 and 198.18.0.0/15. */
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
  const others = sourceIPs.length > 1 ? '; it can forge the entries before' : '';
  return {
    id: 'public-source-address',
    sentence: `The request came from the public address ${address} (the last entry of sourceIPs, which a client cannot forge${others}).`,
    evidence: address,
  };
};

/** Interactive tools and scripting libraries. Programs that run in pods usually send a user agent of their own. */
const scripting =
  /^(kubectl|k9s|curl|wget|httpie|python(-requests|-urllib3?|-httpx)?|aiohttp|openapi-generator|go-http-client|okhttp|java|axios|node(-fetch)?|undici|ruby|rest-client|libwww-perl|php|guzzlehttp|powershell|postmanruntime|insomnia)(?=[/ ]|$)/i;

export const scriptedServiceAccount: ReadSignal = (about) => {
  const { name, userAgent } = about.actor;
  if (!name?.startsWith('system:serviceaccount:') || userAgent === undefined) return undefined;
  const [tool] = scripting.exec(userAgent) ?? [];
  if (tool === undefined) return undefined;
  return {
    id: 'scripted-service-account',
    sentence: `${nameOf(about)} is a service account, but its client was ${tool}: the token may be stolen.`,
    evidence: short(userAgent),
  };
};
