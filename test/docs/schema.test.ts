import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditFormats } from '../../lambda/audit/audit-record.ts';
import { findingComplaints, scanComplaints, undocumented } from '../alerts/schemas.ts';
import { recordingPath, recordings } from '../recordings.ts';
import { runScan } from '../run-command.ts';
import { truthTable } from '../truth-table.ts';

const samples = ['eks', 'self-managed'].map((name) => `samples/${name}.ndjson.gz`);
const files = [
  ...recordings.map((name) => recordingPath(`${name}.ndjson.gz`)),
  recordingPath('apiserver.log'),
  ...samples,
];

describe('docs/scan.schema.json and docs/finding.schema.json', () => {
  test('allow every format of an event', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../docs/finding.schema.json', import.meta.url), 'utf8'),
    );
    expect(schema.properties.format.enum).toEqual([...auditFormats]);
  });

  test('hold for every finding of the recordings and samples, and name every property', () => {
    const { stdout } = runScan(['--format', 'json', ...files]);
    const document = JSON.parse(stdout);
    expect(document.findings.length).toBeGreaterThan(20);
    expect(scanComplaints(document)).toEqual([]);
    for (const finding of document.findings) expect(undocumented(finding), finding.id).toEqual([]);
  });

  test('hold for any event that a query finds', () => {
    const events = truthTable.map(({ text }) => `${text}\n`).join('');
    const odd = [
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1"}',
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1","user":7,"verb":[],"objectRef":"x"}',
    ];
    const { stdout } = runScan(['--format', 'ndjson', '--query', '*'], `${events}${odd.join('\n')}\n`);
    const findings = stdout.split('\n').filter((line) => line !== '');
    expect(findings.length).toBeGreaterThan(truthTable.length);
    for (const line of findings) expect(undocumented(JSON.parse(line)), line).toEqual([]);
  });

  test('hold for inputs at fault and rejected records', () => {
    const { stdout, status } = runScan(
      ['--format', 'json', 'no-such-file', '-'],
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1",\n',
    );
    const document = JSON.parse(stdout);
    expect(status).toBe(2);
    expect(document.stats.faults).toHaveLength(1);
    expect(document.stats.rejections.length).toBeGreaterThan(0);
    expect(scanComplaints(document)).toEqual([]);
  });

  test.each<[string, (finding: Record<string, Record<string, unknown>>) => void, RegExp]>([
    ['lacks its id', (finding) => delete finding['id'], /required property 'id'/],
    [
      'has a phase that is none',
      (finding) => Object.assign(finding, { phase: 'stolen' }),
      /\/phase must be equal to one of/,
    ],
    [
      'has a list where a name is due',
      (finding) => Object.assign(finding['actor'] ?? {}, { name: [] }),
      /\/actor\/name must be/,
    ],
    [
      'was cut and does not say where it is whole',
      (finding) => Object.assign(finding, { truncated: ['event'] }),
      /must have property wholeEvent/,
    ],
  ])('do not hold for one that %s', (_, spoil, complaint) => {
    const { stdout } = runScan(['--format', 'json', samples[0] ?? '']);
    const [finding] = JSON.parse(stdout).findings;
    expect(findingComplaints(finding)).toEqual([]);
    spoil(finding);
    expect(findingComplaints(finding).join('\n')).toMatch(complaint);
  });

  test('let later versions add what they need, and name what there is today', () => {
    const { stdout } = runScan(['--format', 'json', samples[0] ?? '']);
    const [finding] = JSON.parse(stdout).findings;
    const later = { ...finding, schemaVersion: '1.7', novelty: true };
    expect(findingComplaints(later)).toEqual([]);
    expect(undocumented(later).join('\n')).toContain('novelty');
  });
});
