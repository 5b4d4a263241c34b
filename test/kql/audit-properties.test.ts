import fc from 'fast-check';
import { test } from 'vitest';
import type { AuditEvent, AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { candidateSearch } from '../../lambda/framing/prefilter.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { print } from '../../lambda/kql/print.ts';
import type { Query } from '../../lambda/kql/tree.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { nameOf, oneOf, queriesOf, termsOver, type ValueType, values } from './arbitraries.ts';
import { deliveredBy } from './cloudwatch-pattern.ts';
import { indexed, indexedType } from './indexed.ts';
import { interpret } from './interpreter.ts';
import { canonicalSpellings, spellings } from './spellings.ts';

const numRuns = 2_000;
const verb = fc.constantFrom('create', 'update', 'patch', 'delete', 'get');
const resource = fc.constantFrom('certificatesigningrequests', 'secrets', 'pods');
const user = fc.constantFrom('system:node:x', 'eks:y', 'kubernetes-admin', '');
const strings = fc.constantFrom('x', 'verb', 'create', 'secrets');

/** Audit events whose fields take few values, so that conditions on them hold now and then. */
const event: fc.Arbitrary<AuditEvent> = fc.record(
  {
    verb,
    user: fc.record(
      {
        username: user,
        uid: strings,
        groups: fc.array(fc.constantFrom(...values.text), { maxLength: 2 }),
        extra: fc.record({ 'a.b/c': fc.array(strings, { maxLength: 2 }), d: fc.array(strings) }),
      },
      { requiredKeys: [] },
    ),
    sourceIPs: fc.array(fc.constantFrom(...values.ip), { maxLength: 2 }),
    objectRef: fc.record(
      { resource, name: strings, subresource: fc.constantFrom('approval', 'status') },
      { requiredKeys: [] },
    ),
    responseStatus: fc.record({
      code: fc.constantFrom(...values.integer),
      message: fc.constantFrom(...values.text),
    }),
    requestObject: fc.record(
      {
        metadata: fc.record({ name: strings }),
        rules: fc.array(
          fc.record({
            verbs: fc.array(strings, { maxLength: 2 }),
            resources: fc.array(strings, { maxLength: 2 }),
          }),
          { maxLength: 2 },
        ),
        spec: fc.record({
          signerName: fc.constant('kubernetes.io/kube-apiserver-client'),
          containers: fc.array(
            fc.record({
              image: fc.constantFrom(...values.text),
              securityContext: fc.record({ privileged: fc.constantFrom(...values.boolean) }),
            }),
            { maxLength: 2 },
          ),
        }),
      },
      { requiredKeys: [] },
    ),
    stageTimestamp: fc.constantFrom(...values.date),
    requestReceivedTimestamp: fc.constantFrom(...values.date),
    annotations: fc.oneof(
      fc.record({
        'authorization.k8s.io/decision': fc.constantFrom('allow', 'forbid'),
        'authorization.k8s.io/reason': fc.constantFrom(...values.text),
      }),
      fc.record({ 'authorization_k8s_io/decision': fc.constantFrom('allow', 'forbid') }),
    ),
  },
  { requiredKeys: [] },
);
const record = event.map(
  (found): AuditRecord => ({
    event: JSON.parse(JSON.stringify(found)),
    format: 'json',
    cluster: 'prod',
    place: { origin: { kind: 'file', path: 'test' } },
  }),
);

const keyword = oneOf(
  'create',
  'certificatesigningrequests',
  'secrets',
  'system:node:x',
  'allow',
  'x',
  'verb',
  'prod',
);
const patterns = [
  ['', ''],
  ['kubernetes.audit.', ''],
  ['user', ''],
  ['', '.name'],
  ['kubernetes.audit.user.', ''],
];
const audit = 'kubernetes.audit.';
const fields: Readonly<Record<string, ValueType>> = {
  ...{ 'user.name': 'keyword', 'related.user': 'keyword', 'event.outcome': 'keyword', user: 'keyword' },
  ...{ 'data_stream.dataset': 'keyword', 'orchestrator.cluster.name': 'keyword', 'event.action': 'keyword' },
  ...{ 'source.ip': 'ip', '@timestamp': 'date', [`${audit}stageTimestamp`]: 'date' },
  [`${audit}verb`]: 'keyword',
  [`${audit}objectRef.resource`]: 'keyword',
  [`${audit}objectRef`]: 'keyword',
  [`${audit}user.extra.a.b/c`]: 'keyword',
  [`${audit}user.extra`]: 'keyword',
  [`${audit}user.groups`]: 'text',
  [`${audit}sourceIPs`]: 'text',
  [`${audit}annotations.authorization_k8s_io/decision`]: 'keyword',
  [`${audit}annotations.authorization_k8s_io/reason`]: 'text',
  [`${audit}responseStatus.code`]: 'integer',
  [`${audit}requestObject.metadata.name`]: 'keyword',
  [`${audit}requestObject.rules.verbs`]: 'keyword',
  [`${audit}requestObject`]: 'keyword',
  [`${audit}requestObject.spec.containers.image`]: 'text',
  [`${audit}requestObject.spec.containers.securityContext.privileged`]: 'boolean',
};
const rules = `${audit}requestObject.rules`;
const one = queriesOf(
  termsOver({ verbs: 'keyword', resources: 'keyword' }, [['', '']], oneOf('x', 'verb', 'secrets')),
);
const nested = one.map((child): Query => ({ kind: 'nested', field: nameOf(rules), child }));
const term = fc.oneof({ weight: 6, arbitrary: termsOver(fields, patterns, keyword) }, nested);
const query = queriesOf(term);
const schema = auditSchema(csrwatchFields);

test('a query means on an audit event what it means on the fields that Elastic would index', () => {
  fc.assert(
    fc.property(query, record, (tree, found) => {
      const compiled = compile(print(tree), schema);
      return compiled.ok && compiled.matches(found) === interpret(tree, indexed(found), indexedType);
    }),
    { numRuns },
  );
});

const own = termsOver(
  {
    'csrwatch.phase': 'keyword',
    'csrwatch.outcome': 'keyword',
    'csrwatch.subresource': 'keyword',
    'csrwatch.signer': 'keyword',
  },
  patterns,
  oneOf(
    'requested',
    'deleted',
    'modified',
    'succeeded',
    'unknown',
    'approval',
    'kubernetes.io/kube-apiserver-client',
  ),
);

test('a rule set matches what each rule matches by itself, and neither its literals nor its filter drop such an event', () => {
  const queries = fc.array(queriesOf(fc.oneof(term, own)), { minLength: 1, maxLength: 4, size: 'small' });
  fc.assert(
    fc.property(queries, record, (trees, found) => {
      const compiled = compileRules(
        trees.map((tree, index) => ({
          info: { id: `${index}`, name: 'R', severity: 'low', riskScore: 21 },
          query: print(tree),
          exceptions: [],
          file: 'r.toml',
        })),
        schema,
      );
      if (!compiled.ok) return false;
      const { literals, filter, match } = compiled.ruleSet;
      const alone = trees.map((tree) => {
        const one = compile(print(tree), schema);
        return one.ok && one.matches(found);
      });
      const matched = new Set(match(found).map(({ info }) => info.id));
      if (alone.some((matches, index) => matches !== matched.has(`${index}`))) return false;
      fc.pre(matched.size > 0);
      const isCandidate = (text: string) => candidateSearch(literals)(Buffer.from(text), 0) >= 0;
      const isDelivered = (text: string) => deliveredBy(filter.pattern, text);
      return spellings(found.event).every(isCandidate) && canonicalSpellings(found.event).every(isDelivered);
    }),
    { numRuns },
  );
});
