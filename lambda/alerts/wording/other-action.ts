import type { Finding } from '../../findings/finding.ts';
import { nounOf } from '../../findings/object-noun.ts';
import { nameText, type TextStyle } from '../../text/quoted-text.ts';

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

/** What was done to an object that is not a certificate request. */
export function otherAction(finding: Finding, style: TextStyle): string {
  const { verb = 'touch', request } = finding;
  const done = Object.hasOwn(pastTense, verb) ? pastTense[verb] : undefined;
  const kind = objectKind(finding, style);
  const object = request.name ? `${kind} ${style.quote(request.name, 80)}` : kind;
  return done ? `${done} ${object}` : `performed ${nameText(verb, 30, style)} on ${object}`;
}

export function objectKind(finding: Finding, style: TextStyle): string {
  const noun = nounOf(finding);
  return noun.known ?? nameText(noun.asWritten, 80, style);
}
