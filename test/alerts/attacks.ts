import type { Finding } from '../../lambda/findings/finding.ts';
import { finding, findingOf, logStream, object, selfApproval, subject } from './samples.ts';

/** Part of every attack, so that a test finds it in an output. */
export const marker = 'evil';

/** Texts that an attacker may use as a name. */
export const attacks: readonly (readonly [name: string, text: string])[] = [
  ['a line of its own', `x\n${marker}: 1. ignore this alert`],
  ['a header of a mail', `x\r\nBcc: ${marker}@example.com\r\n\r\n${marker}`],
  ['a line of a log', `x"}\n{"level":"info","message":"${marker}"}`],
  ['a vertical tab, form feed and next line', `x\u000b${marker}\u000c${marker}\u0085${marker}`],
  ['line and paragraph separators', `x\u2028${marker}\u2029${marker}`],
  ['terminal colors and a cleared screen', `\u001b[2J\u001b[31m${marker}\u001b]0;${marker}\u0007\u009b1m`],
  ['backspaces and a null', `admin\b\b\b\b\b${marker}\u0000`],
  ['a bidirectional override', `${marker}\u202egnp.exe\u202c`],
  ['bidirectional isolates and marks', `\u2066${marker}\u2069\u200e\u200f\u061c`],
  ['letters from right to left', `\u05e8\u05e2 ${marker} \u0634\u0631 1 2`],
  ['zero-width characters', `${marker}\u200b\u200c\u200d\u2060\ufeff`],
  ['a soft hyphen and a grapheme joiner', `${marker}\u00ad\u034f`],
  ['invisible fillers', `\u3164${marker}\u115f\u1160\uffa0\u2800`],
  ['variation selectors', `${marker}\ufe0f\u{e0100}`],
  [
    'tag characters that hide a sentence',
    `${marker}${[...'approve'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`,
  ],
  ['unusual spaces', `${marker}\u00a0\u2003\u3000`],
  ['lone surrogates', `\ud800${marker}\udc00\ud800`],
  ['noncharacters and private use', `\uffff${marker}\ue000\u{10ffff}`],
  ['stacked accents', `${marker}${'\u0301\u0302\u0303'.repeat(20)}`],
  ['mentions of Slack', `<!channel> <!here> <@U012AB3CD> <!subteam^S1> ${marker}`],
  ['mentions in plain letters', `@here @channel @everyone @all @${marker}`],
  ['a link of Slack', `<https://${marker}.example|the runbook>`],
  ['a link in Markdown', `[the runbook](https://${marker}.example) ![x](https://${marker}.example/x.png)`],
  ['a bare link', `https://${marker}.example/runbook`],
  ['Markdown', `*${marker}* _${marker}_ ~${marker}~ # ${marker} > ${marker} | ${marker}`],
  ['the end of a code span', `\`${marker}\`\`\` <!channel> \`\`\`${marker}`],
  ['entities', `&lt;!channel&gt; &amp;${marker}`],
  ['a mention of Teams', `<at>${marker}</at>`],
  ['HTML', `<img src=x onerror=${marker}()>`],
  ['an emoji', `:rotating_light: ${marker}`],
  ['a command in a shell', `$(${marker}) ; ${marker} | ${marker} & \`${marker}\` ' " \\`],
  ['an option of a command', `--${marker}`],
  ['a query', `" or user.name:* or "${marker}' --rule /${marker}`],
  ['a megabyte', `${marker}${'x'.repeat(2 ** 20)}`],
  ['a megabyte of line feeds', `${marker}${'\n'.repeat(2 ** 20)}`],
  ['an empty text', ''],
  ['a member of an object', '__proto__'],
];

/** For each field that an attacker can write, a finding with the text in it. */
export const fields: Readonly<Record<string, (text: string) => Promise<Finding>>> = {
  'user name': (username) => findingOf({ user: { username } }),
  groups: (text) => findingOf({ user: { username: 'u', groups: [text, 'b', text] } }),
  'a value of extra': (text) =>
    findingOf({ user: { username: 'u', extra: { arn: [text], sessionName: [text], accessKeyId: [text] } } }),
  'a key of extra': (text) => findingOf({ user: { username: 'u', extra: { [text]: ['v'] } } }),
  'user agent': (userAgent) => findingOf({ userAgent }),
  'source addresses': (text) => findingOf({ sourceIPs: [text, text, '203.0.113.24'] }),
  'the only source address': (text) => findingOf({ sourceIPs: [text] }),
  'impersonated user': (text) => findingOf({ impersonatedUser: { username: text, groups: [text] } }),
  'CSR name': (name) => findingOf({ objectRef: { resource: 'certificatesigningrequests', name } }),
  'the name of an approved CSR': (name) => finding({ phase: 'approved' }, { name }),
  'the name of an issued CSR': (name) => finding({ phase: 'issued' }, { name, requester: name }),
  'the name of a deleted CSR': (name) => finding({ phase: 'deleted', verb: 'delete' }, { name }),
  namespace: (namespace) =>
    findingOf({ objectRef: { resource: 'certificatesigningrequests', name: 'n', namespace } }),
  resource: (resource) => findingOf({ objectRef: { resource, name: 'n', subresource: resource } }),
  verb: (verb) => findingOf({ verb, objectRef: { resource: 'pods', name: 'n' } }),
  requestURI: (requestURI) => findingOf({ requestURI }),
  auditID: (auditID) => findingOf({ auditID }),
  times: (text) => findingOf({ stageTimestamp: text, requestReceivedTimestamp: text }),
  signer: (signerName) => finding({}, { signerName }),
  usages: (text) => finding({}, { usages: [text, text] }),
  requester: (requester) => finding({ phase: 'denied' }, { requester }),
  'subject CN': (commonName) => finding({ phase: 'approved' }, { subject: { ...subject, commonName } }),
  'subject O': (text) => finding({}, { subject: { ...subject, organizations: [text, text] } }),
  SANs: (text) =>
    finding(
      { phase: 'issued' },
      {
        signerName: 'beta.eks.amazonaws.com/app-serving',
        subject: { ...subject, dnsNames: [text], ipAddresses: [text], emailAddresses: [text], uris: [text] },
      },
    ),
  'the key algorithm': (algorithm) => finding({}, { key: { algorithm } }),
  'why the request cannot be read': (parseError) => finding({}, { parseError }),
  'a signal and its evidence': (text) =>
    finding({ signals: [{ ...selfApproval, sentence: `The user is ${text}.`, evidence: { [text]: text } }] }),
  'a key in a bucket': (key) => findingOf({}, { ...object, bucket: key, key, versionId: key }),
  'a log stream': (text) => findingOf({}, { ...logStream, logGroup: text, logStream: text }),
  'a path': (path) => findingOf({}, { kind: 'file', path }),
  'the pod whose output it is': (text) => finding({ pod: { name: text, namespace: text } }),
  'a region and account': (text) => findingOf({}, { ...logStream, region: text, account: text }),
  'the cluster that an event names': (cluster) => finding({ cluster }),
  'everything that a burst lists': async (text) =>
    finding({
      verb: text,
      resource: text,
      subresource: text,
      actor: { name: text, groups: [], extra: {}, sourceIPs: [] },
    }),
};
