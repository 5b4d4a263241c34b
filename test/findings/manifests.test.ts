import { expect, describe as suite, test } from 'vitest';
import { eventsOf, type ManifestRow, manifestOf, recordings } from '../recordings.ts';
import { findingOf } from './event.ts';

/** The steps in which, according to the manifests, the requester approved its own request. */
const selfApprovals = [
  ...['kubectl-create-approve', 'stolen-token-controller-manager', 'app-serving', 'aksService-on-eks'],
  ...[
    'issued-and-used',
    'json-patch',
    'server-side-apply',
    'kube-system-account',
    'kube-system-impersonates',
  ],
];

/** A subject in the form of a finding: the manifest omits empty lists. */
function subjectIn(row: ManifestRow) {
  const { commonName, organizations, dnsNames = [], ipAddresses = [] } = row.subject ?? {};
  return row.subject && { commonName, organizations, dnsNames, ipAddresses, emailAddresses: [], uris: [] };
}

suite.each(recordings.filter((name) => name !== 'eks-normal'))(
  '%s: the findings agree with the manifest',
  (name) => {
    const events = eventsOf(name);
    const rows = manifestOf(name).map((row) => ({ ...row, what: `${row.step}: ${row.verb} by ${row.user}` }));

    test.each(rows)('$what ($auditID)', async (row) => {
      const event = events.get(row.auditID);
      if (!event) throw new Error(`no event ${row.auditID}`);
      const found = await findingOf(event);
      const ids = found.signals.map(({ id }) => id);

      if (row.phase !== undefined) expect(found.phase).toBe(row.phase);
      if (row.outcome !== undefined) expect(found.outcome).toBe(row.outcome);
      if (row.requester !== undefined) expect(found.request.requester).toBe(row.requester);
      if (row.subject !== undefined) expect(found.request.subject).toEqual(subjectIn(row));
      expect(ids.includes('self-approval')).toBe(
        found.phase === 'approved' && selfApprovals.includes(row.step),
      );
      const isPrivileged = [row.subject?.commonName, ...(row.subject?.organizations ?? [])].some((text) =>
        text?.startsWith('system:'),
      );
      const isLogin = found.request.signerName !== 'beta.eks.amazonaws.com/app-serving';
      const isRoutine = ids.includes('node-join');
      if (row.subject !== undefined) {
        expect(ids.includes('privileged-subject')).toBe(isPrivileged && isLogin && !isRoutine);
        expect(ids.includes('reserved-subject')).toBe(isPrivileged && !isLogin);
        expect(isRoutine).toBe(row.step.startsWith('kubeadm-join'));
      }
      expect(found.severity).toBe(found.signals.some(({ raisesTo }) => raisesTo) ? 'critical' : 'high');
    });

    test('only the request that the manifest marks is unparseable', async () => {
      const found = await Promise.all([...events.values()].map((event) => findingOf(event)));
      const unparseable = found.filter(({ request }) => request.parseError !== undefined);
      const junk = rows.filter(({ note }) => note === 'the request cannot be parsed');
      expect(unparseable.map(({ event }) => event['auditID'])).toEqual(junk.map(({ auditID }) => auditID));
    });
  },
);
