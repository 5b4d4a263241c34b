import {
  kindChecked,
  kindGzip,
  kindJsonEscape,
  kindLiteral,
  kindNul,
  kindPercent,
  kindZstd,
} from './memory-layout.ts';

/** A text to search for as it is, or in any case. */
export type SearchedText = string | { readonly ignoreCase: string };

/** A sequence of bytes. */
export interface Pattern {
  readonly kind: number;
  readonly bytes: Buffer;
  /** The bits that are set in a byte before it is compared; they are set in `bytes`, too. */
  readonly ignored: Buffer;
}

/** Of a longer literal the rest is not compared: every record that holds the literal is found nevertheless. */
const maxBytes = 256;
const caseBit = 0x20;

/**
 * The characters outside of ASCII whose lower case contains an ASCII letter, and their JSON escapes: the Kelvin sign and
 * the I with a dot above.
 */
const lowercasedToAscii = ['\u212a', '\u0130', '\\u212a', '\\u212A', '\\u0130'];

/**
 * The literals and what could hide one: a JSON escape of one of its characters, an escaped backslash of a JSON inside, or a
 * percent-encoded letter of it in a legacy line's URI.
 */
export function literalPatterns(literals: readonly SearchedText[]): Pattern[] {
  const hidesAnyCase = literals.some((literal) => typeof literal !== 'string') ? lowercasedToAscii : [];
  return [
    ...literals.map((literal) =>
      typeof literal === 'string' ? exact(kindLiteral, literal) : inAnyCase(literal.ignoreCase),
    ),
    ...hidesAnyCase.map((text) => exact(kindLiteral, text)),
    exact(kindJsonEscape, '\\u00'),
    exact(kindPercent, '%'),
  ];
}

/** The characters whose escapes could hide a literal. */
export function charactersOf(literals: readonly SearchedText[]): string {
  return literals
    .map((text) => (typeof text === 'string' ? text : text.ignoreCase + text.ignoreCase.toUpperCase()))
    .join('');
}

/** A literal whose hits the caller checks. */
export function checkedPattern(text: string): Pattern {
  return exact(kindChecked, text);
}

/**
 * NUL bytes, and compressed bytes behind a text, as files of both kinds that were concatenated have them: no literal is found
 * in them. Their bytes cannot be in UTF-8. The first one of zstd's is an opening parenthesis, which is not compared.
 */
export const packedOrNul: readonly Pattern[] = [
  exact(kindNul, '\0'),
  exact(kindGzip, Buffer.from([0x1f, 0x8b, 0x08])),
  exact(kindZstd, Buffer.from([0xb5, 0x2f, 0xfd])),
];

function exact(kind: number, text: string | Buffer): Pattern {
  const bytes = Buffer.from(text).subarray(0, maxBytes);
  return { kind, bytes, ignored: Buffer.alloc(bytes.length) };
}

/** @param text - in lower case */
function inAnyCase(text: string): Pattern {
  const { kind, bytes, ignored } = exact(kindLiteral, text);
  for (const [index, byte] of bytes.entries()) if (byte >= 0x61 && byte <= 0x7a) ignored[index] = caseBit;
  return { kind, bytes, ignored };
}
