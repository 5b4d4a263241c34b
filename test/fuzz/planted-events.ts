import { isObject } from '../../lambda/json/read-json.ts';
import type { Random } from '../chaos/random.ts';
import type { Json } from './corpus.ts';

/** An event with others inside, which a client could have sent: none of these may become a finding. */
export interface Carrier {
  readonly event: Json;
  readonly place: string;
}

type Plant = (carrier: Json, planted: Json, random: Random) => Json;

const body = (carrier: Json, field: string): Json => {
  const { [field]: value } = carrier;
  return isObject(value) ? value : { kind: 'Pod', metadata: { name: 'a' } };
};
const text = (planted: Json, random: Random): string => {
  const json = JSON.stringify(planted);
  const line = legacyLine(planted);
  return random.pick([
    json,
    `\n${json}\n`,
    `x ${json}`,
    JSON.stringify(json),
    line,
    `\n${line}\n`,
    `"}\n${json}\n`,
  ]);
};
const field = (random: Random) => random.pick(['requestObject', 'responseObject']);
const list = (random: Random) =>
  random.pick(['items', 'logEvents', 'events', 'records', 'Records', 'entries']);

/** The places in an event that a client writes. */
const places: Readonly<Record<string, Plant>> = {
  'a body': (carrier, planted, random) => ({ ...carrier, [field(random)]: planted }),
  'a list in a body': (carrier, planted, random) => {
    const name = field(random);
    const items = [planted, { ...planted, x: 1 }];
    return { ...carrier, [name]: { ...body(carrier, name), [list(random)]: items } };
  },
  'a list at the beginning of a body': (carrier, planted, random) => ({
    ...carrier,
    [field(random)]: { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [planted, planted] },
  }),
  'a body that is a list': (carrier, planted, random) => ({
    ...carrier,
    [field(random)]: [planted, planted],
  }),
  'a member of a body': (carrier, planted, random) => {
    const name = field(random);
    const key = random.pick(['log', 'message', '@message', 'kubernetes', 'spec', 'protoPayload', 'request']);
    return {
      ...carrier,
      [name]: { ...body(carrier, name), [key]: random.chance(0.5) ? planted : { audit: planted } },
    };
  },
  'a text in a body': (carrier, planted, random) => {
    const name = field(random);
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': text(planted, random) };
    return { ...carrier, [name]: { ...body(carrier, name), metadata: { annotations } } };
  },
  'an annotation': (carrier, planted, random) => ({
    ...carrier,
    annotations: { ...body(carrier, 'annotations'), 'a.example/x': text(planted, random) },
  }),
  'the user agent': (carrier, planted, random) => ({ ...carrier, userAgent: text(planted, random) }),
  'the URI': (carrier, planted, random) => ({ ...carrier, requestURI: `/api?x=${text(planted, random)}` }),
  'the extra of the user': (carrier, planted, random) => ({
    ...carrier,
    user: { ...body(carrier, 'user'), extra: { note: [text(planted, random)] } },
  }),
  'the name of the object': (carrier, planted, random) => ({
    ...carrier,
    objectRef: { ...body(carrier, 'objectRef'), name: text(planted, random) },
  }),
  'the message of the response': (carrier, planted, random) => ({
    ...carrier,
    responseStatus: { ...body(carrier, 'responseStatus'), message: text(planted, random) },
  }),
};

export function plant(carrier: Json, planted: Json, random: Random): Carrier {
  const [name = '', insert = () => carrier] = random.pick(entries);
  return { event: insert(carrier, planted, random), place: name };
}

const [first = ['', () => ({})] as [string, Plant], ...rest] = Object.entries(places);
const entries: readonly [[string, Plant], ...[string, Plant][]] = [first, ...rest];

/** The same event as kube-apiserver's legacy log has it. */
function legacyLine(event: Json): string {
  const { auditID } = event;
  const uri = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  return `2026-01-02T03:04:05.678Z AUDIT: id="${auditID}" stage="ResponseComplete" ip="10.0.0.1" method="create" user="mallory" groups="\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="x" namespace="<none>" uri="${uri}" response="201"`;
}
