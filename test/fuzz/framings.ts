/** How records are written into one text. */
export interface Framing {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  /** How far a document is indented. */
  readonly indent: number;
  /** What a forwarder puts around a record. */
  wrap(text: string): string;
  /** Each record begins a line. */
  readonly byLine: boolean;
  /** As `wrap`, for a part of a record that continues in the next line; absent if the producer splits none. */
  readonly wrapPart?: (text: string) => string;
}

const plain = {
  before: '',
  between: '\n',
  after: '\n',
  indent: 0,
  wrap: (text: string) => text,
  byLine: true,
};
const time = '2026-01-02T03:04:05.678Z';
const inJson = (around: (text: string) => object): Framing => ({
  ...plain,
  wrap: (text) => JSON.stringify(around(text)),
});
const cri = (flag: 'P' | 'F') => (text: string) => `${time} stdout ${flag} ${text}`;
const docker = (log: string) => ({ log, stream: 'stdout', time });
const fluentBit = inJson((log) => ({ date: 1_767_323_045.678, log, stream: 'stdout', tag: 'kube.audit' }));

/** As their producers write them. */
export const framings = {
  lines: { ...plain, wrapPart: plain.wrap },
  'lines with CR LF': { ...plain, between: '\r\n', after: '\r\n' },
  'lines without a last line feed': { ...plain, after: '' },
  'a list': { ...plain, before: '[', between: ',', after: ']', byLine: false },
  'a list, an item a line': { ...plain, before: '[\n', between: ',\n', after: '\n]\n' },
  'a pretty-printed list': { ...plain, before: '[\n', between: ',\n', after: '\n]\n', indent: 2 },
  'an EventList': {
    ...plain,
    before: '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[',
    between: ',',
    after: ']}\n',
    byLine: false,
  },
  'EventLists, one a line': {
    ...plain,
    before: '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[',
    between: ']}\n{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[',
    after: ']}\n',
    byLine: false,
  },
  'documents with nothing between them': { ...plain, between: '', after: '', byLine: false },
  'pretty-printed documents': { ...plain, indent: 2 },
  'Fluent Bit': { ...fluentBit, wrapPart: fluentBit.wrap },
  Docker: { ...inJson((log) => docker(`${log}\n`)), wrapPart: (log) => JSON.stringify(docker(log)) },
  Vector: inJson((message) => ({ file: '/var/log/audit.log', message, timestamp: time })),
  AKS: inJson((log) => ({ time, category: 'kube-audit', properties: { log, pod: 'kube-apiserver-1' } })),
  'Elastic Agent': inJson((original) => ({ '@timestamp': time, event: { original } })),
  'envelopes of CloudWatch Logs': inJson((message) => ({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/eks/prod/cluster',
    logStream: 's',
    logEvents: [{ id: '1', timestamp: 1_767_323_045_678, message }],
  })),
  CRI: { ...plain, wrap: cri('F'), wrapPart: cri('P') },
  Fluentd: { ...plain, wrap: (text: string) => `${time}\tkube.audit\t${text}` },
  Logstash: { ...plain, wrap: (text: string) => `${time} ip-10-0-0-1 ${text}` },
} as const satisfies Readonly<Record<string, Framing>>;

export type FramingName = keyof typeof framings;
