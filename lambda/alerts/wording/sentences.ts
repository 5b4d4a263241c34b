import {
  certificateKind,
  isEksAttempt,
  isOnEks,
  isSignedByCluster,
  nounOf,
  subjectOf,
  suspectOf,
} from '../../findings/certificate-use.ts';
import { isCsr } from '../../findings/csr-resource.ts';
import type { Finding, Outcome, Subject } from '../../findings/finding.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { subjectText } from '../../findings/subject-text.ts';
import { listText } from '../../text/list-text.ts';
import type { Show } from '../../text/visible-text.ts';

/** Who did what, where and how bad, and what came of it: the first line of a page. */
export function headline(finding: Finding, show: Show): string {
  const where = finding.cluster ? show(finding.cluster, 60) : 'an unnamed cluster';
  if (isCanary(finding)) {
    return `TEST in ${where}: nothing happened. csrwatch's own canary went all the way from the log to this page, as it should.`;
  }
  const unlogged = finding.format === 'legacy' ? ' The audit log may lack it.' : '';
  return `${finding.severity.toUpperCase()} in ${where}: ${whoText(finding, show)} ${deed(finding, show)}. ${whatCame(finding)}${unlogged}`;
}

/** How bad it is, or that it is a test. */
export function gradeText(finding: Finding): Finding['severity'] | 'test' {
  return isCanary(finding) ? 'test' : finding.severity;
}

/** Whoever is behind it; with the name that they took on where they did. */
export function whoText(finding: Finding, show: Show): string {
  const who = suspectOf(finding);
  const name = who ? show(who, 160) : 'somebody whom the log does not name';
  const as = finding.actor.impersonated;
  return as ? `${name}, posing as ${as.name ? show(as.name, 100) : 'another user'},` : name;
}

/** The cluster's own signer acted, and whoever asked for it is told of instead. */
function wasGiven(finding: Finding): boolean {
  return finding.phase === 'issued' && suspectOf(finding) !== finding.actor.name;
}

/** In the past tense, or as an attempt where it came to nothing. */
function deed(finding: Finding, show: Show): string {
  if (!isCsr(finding)) return otherDeed(finding, show);
  const { phase, request, outcome } = finding;
  const tried = outcome === 'refused' || outcome === 'dry-run';
  const past = (done: string, attempted: string) => (tried ? `tried to ${attempted}` : done);
  const name = request.name ? ` ${show(request.name, 80)}` : '';
  const own = isSelfApproval(finding) ? 'its own' : 'the';
  const certificate = certificateText(finding, show);
  switch (phase) {
    case 'requested':
      return `${past('asked', 'ask')} for ${certificate}${subjectOf(finding) || name === '' ? '' : ` (request${name})`}`;
    case 'approved':
      return `${past('approved', 'approve')} ${own} request${name} for ${certificate}`;
    case 'denied':
      return `${past('denied', 'deny')} the request${name} for ${certificate}`;
    case 'decided':
      return `${past('approved or denied', 'approve or deny')} the request${name}`;
    case 'issued': {
      if (wasGiven(finding)) return `${past('was given', 'get')} ${certificate} (request${name})`;
      const asked = request.requester ? `, asked for by ${show(request.requester, 100)}` : '';
      return `${past('issued', 'issue')} ${certificate} (request${name}${asked})`;
    }
    case 'modified':
      return `${past('changed', 'change')} the request${name}`;
    case 'deleted': {
      const all = finding.verb === 'deletecollection';
      return `${past('deleted', 'delete')} ${all ? 'certificate requests in bulk' : `the request${name}`}`;
    }
  }
}

function isSelfApproval({ signals }: Finding): boolean {
  return signals.some(({ id }) => id === 'self-approval');
}

const articles = { client: 'a client certificate', server: 'a server certificate', unknown: 'a certificate' };

function certificateText(finding: Finding, show: Show): string {
  const kind = certificateKind(finding);
  const names = namesText(subjectOf(finding), kind === 'server', 3, show);
  return names === '' ? articles[kind] : `${articles[kind]} for ${names}`;
}

/** What the certificate would be taken for: a server's its names, anybody else its subject. */
function namesText(subject: Subject | undefined, server: boolean, shownNames: number, show: Show): string {
  if (!subject) return '';
  const served = [...subject.dnsNames, ...subject.ipAddresses];
  return server && served.length > 0
    ? listText(served, shownNames, show)
    : subjectText(subject, shownNames, show);
}

const pastTense: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'changed',
  patch: 'changed',
  delete: 'deleted',
  deletecollection: 'deleted in bulk',
  get: 'read',
  list: 'listed',
  watch: 'watched',
};

function otherDeed(finding: Finding, show: Show): string {
  const { verb = 'touch', request } = finding;
  const noun = nounOf(finding);
  const done = Object.hasOwn(pastTense, verb) ? pastTense[verb] : undefined;
  const object = `${noun.known ?? show(noun.asWritten, 80)}${request.name ? ` ${show(request.name, 80)}` : ''}`;
  return done ? `${done} ${object}` : `did ${show(verb, 30)} on ${object}`;
}

/** The sentence after it: what came of it, and what may come yet. */
function whatCame(finding: Finding): string {
  const code = finding.responseCode === undefined ? '' : ` (${finding.responseCode})`;
  switch (finding.outcome) {
    case 'refused':
      return `An attempt: the API server refused it${code}, nothing was stored.`;
    case 'dry-run':
      return 'A dry run: nothing was stored. The real one may follow.';
    case 'unknown':
      return 'The log does not say what came of it.';
    case 'succeeded':
      return isCsr(finding) ? prospect(finding) : 'It succeeded.';
  }
}

function prospect(finding: Finding): string {
  const { phase, certificate } = finding;
  if (isEksAttempt(finding) && (phase === 'requested' || phase === 'approved')) {
    return 'An attempt: EKS signs no client certificates, approved or not.';
  }
  switch (phase) {
    case 'requested':
      return 'It waits to be approved.';
    case 'approved':
      return `${signerText(finding)} signs it within seconds: take it that the certificate is out.`;
    case 'denied':
      return 'Nothing is issued on a denied request.';
    case 'decided':
      return 'The log holds no body, so it cannot tell which.';
    case 'issued': {
      const power =
        certificateKind(finding) === 'server' ? 'can pose as that server' : 'can log in to the cluster';
      const until = certificate ? ` until ${timeText(certificate.notAfter)}` : '';
      return `Whoever holds its key ${power}${until}.`;
    }
    case 'modified':
      return 'It succeeded.';
    case 'deleted':
      return 'A certificate that was issued before stays valid.';
  }
}

function signerText(finding: Finding): string {
  if (isOnEks(finding)) return 'EKS';
  return isSignedByCluster(finding) ? 'The cluster' : 'Its signer';
}

/** Such as `2026-11-23 21:55:48 UTC`, where the text is such a time; else as it came. */
export function timeText(time: string): string {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/.exec(time) ?? [];
  return day && clock ? `${day} ${clock} UTC` : time;
}

const outcomeMarks: Readonly<Record<Outcome, string>> = {
  succeeded: '',
  refused: ' (refused)',
  'dry-run': ' (dry run)',
  unknown: ' (outcome unknown)',
};

/** What was done in a few words, for a subject, an SMS or a list; it does not name whoever did it. */
export function actionInShort(finding: Finding, show: Show): string {
  if (isCanary(finding)) return 'arrived: a test, nothing happened';
  return `${shortDeed(finding, show)}${outcomeMarks[finding.outcome]}`;
}

function shortDeed(finding: Finding, show: Show): string {
  if (!isCsr(finding)) return otherDeed(finding, show);
  const { request, phase } = finding;
  const csr = request.name ? ` CSR ${show(request.name, 30)}` : ' a CSR';
  const names = namesText(subjectOf(finding), certificateKind(finding) === 'server', 1, (text) =>
    show(text, 34),
  );
  const certificate = names === '' ? csr : ` ${names}`;
  switch (phase) {
    case 'requested':
      return `asked for${certificate}`;
    case 'approved':
      return `approved${isSelfApproval(finding) ? ' its own' : ''}${certificate}`;
    case 'denied':
      return `denied${csr}`;
    case 'decided':
      return `approved or denied${csr}`;
    case 'issued':
      return `${wasGiven(finding) ? 'was given' : 'issued'}${names === '' ? ` a certificate (${csr.trim()})` : certificate}`;
    case 'modified':
      return `changed${csr}`;
    case 'deleted':
      return finding.verb === 'deletecollection' ? 'deleted CSRs in bulk' : `deleted${csr}`;
  }
}
