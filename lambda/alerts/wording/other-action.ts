import type { Finding } from '../../findings/finding.ts';
import { nounOf } from '../../findings/object-noun.ts';
import { nameText, type TextStyle } from '../../text/quoted-text.ts';

/** The verbs of Kubernetes as a reader of alerts knows them. */
const verbs: Readonly<Record<string, readonly [infinitive: string, past: string]>> = {
  create: ['create', 'created'],
  update: ['change', 'changed'],
  patch: ['change', 'changed'],
  delete: ['delete', 'deleted'],
  deletecollection: ['bulk-delete', 'bulk-deleted'],
  get: ['read', 'read'],
  list: ['list', 'listed'],
  watch: ['watch', 'watched'],
};

/** What was done to an object that is not a certificate request: `deleted pods "web-0"`. */
export function otherAction(finding: Finding, style: TextStyle): string {
  return `${verbText(finding, style, 'past')} ${objectText(finding, style)}`;
}

/** After `tried to`: the same as an attempt. */
export function otherAttempt(finding: Finding, style: TextStyle): string {
  return `${verbText(finding, style, 'infinitive')} ${objectText(finding, style)}`;
}

/** Where space is short, after `to`: without the name of the object. */
export function shortOtherAttempt(finding: Finding, style: TextStyle): string {
  return `${verbText(finding, style, 'infinitive')} ${objectKind(finding, style)}`;
}

function verbText({ verb = 'touch' }: Finding, style: TextStyle, form: 'infinitive' | 'past'): string {
  const [infinitive, past] = (Object.hasOwn(verbs, verb) ? verbs[verb] : undefined) ?? [
    `perform ${nameText(verb, 30, style)} on`,
    `performed ${nameText(verb, 30, style)} on`,
  ];
  return form === 'past' ? past : infinitive;
}

function objectText(finding: Finding, style: TextStyle): string {
  const { name } = finding.request;
  const kind = objectKind(finding, style);
  return name ? `${kind} ${style.quote(name, 80)}` : kind;
}

function objectKind(finding: Finding, style: TextStyle): string {
  const noun = nounOf(finding);
  return noun.known ?? nameText(noun.asWritten, 80, style);
}
