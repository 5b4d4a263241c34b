/** What was read, as `draw` writes it, and where it ended; `undefined` if nothing matches. */
type Read = { readonly drawn: string; readonly end: number } | undefined;
type Reader = (text: string, at: number) => Read;

/**
 * The grammar a second time, as plainly as possible: every rule tries its alternatives from the left and backtracks
 * if one does not match. It returns the tree as `draw` writes it, `undefined` for an invalid query.
 */
export function readAgain(text: string): string | undefined {
  const read = sequence([spaces, optional(query, 'everything'), spaces, end], ([, drawn = '']) => drawn);
  return read(text, 0)?.drawn;
}

function character(wanted: RegExp): Reader {
  return (text, at) => {
    const found = text[at];
    return found !== undefined && wanted.test(found) ? { drawn: found, end: at + 1 } : undefined;
  };
}

function word(wanted: string): Reader {
  return (text, at) => {
    const found = text.slice(at, at + wanted.length);
    return found.toLowerCase() === wanted ? { drawn: found, end: at + wanted.length } : undefined;
  };
}

function sequence(readers: readonly Reader[], join = (parts: readonly string[]) => parts.join('')): Reader {
  return (text, at) => {
    const parts: string[] = [];
    for (const reader of readers) {
      const read = reader(text, at);
      if (!read) return undefined;
      parts.push(read.drawn);
      at = read.end;
    }
    return { drawn: join(parts), end: at };
  };
}

function first(...readers: readonly Reader[]): Reader {
  return (text, at) => {
    for (const reader of readers) {
      const read = reader(text, at);
      if (read) return read;
    }
    return undefined;
  };
}

function many(reader: Reader, least: number, join = (parts: readonly string[]) => parts.join('')): Reader {
  return (text, at) => {
    const parts: string[] = [];
    for (let read = reader(text, at); read; read = reader(text, at)) {
      parts.push(read.drawn);
      at = read.end;
    }
    return parts.length < least ? undefined : { drawn: join(parts), end: at };
  };
}

function optional(reader: Reader, otherwise: string): Reader {
  return (text, at) => reader(text, at) ?? { drawn: otherwise, end: at };
}

function no(reader: Reader): Reader {
  return (text, at) => (reader(text, at) ? undefined : { drawn: '', end: at });
}

function drawnAs(reader: Reader, draw: (drawn: string) => string): Reader {
  return sequence([reader], ([drawn = '']) => draw(drawn));
}

const end: Reader = (text, at) => (at === text.length ? { drawn: '', end: at } : undefined);
const spaces = many(character(/[ \t\r\n\u00a0]/), 0, () => '');
const someSpaces = many(character(/[ \t\r\n\u00a0]/), 1);
const or = sequence([someSpaces, word('or'), someSpaces]);
const and = sequence([someSpaces, word('and'), someSpaces]);
const not = sequence([word('not'), someSpaces]);

const backslash = character(/\\/);
const hex = character(/[0-9a-f]/i);
const unicode = sequence([backslash, character(/u/), hex, hex, hex, hex], (parts) =>
  String.fromCharCode(Number.parseInt(parts.slice(2).join(''), 16)),
);
const control = sequence([backslash, character(/[trn]/)], ([, letter = '']) =>
  letter === 't' ? '\t' : letter === 'r' ? '\r' : '\n',
);
const special = character(/[\\():<>"*{}]/);
const any = character(/./s);
const escaped = (reader: Reader) => sequence([backslash, reader], ([, drawn = '']) => drawn);

/** Replaces an unescaped star until the ends are trimmed; no text of the tests contains it. */
const star = '\ue000';
const unquoted = many(
  first(
    control,
    escaped(special),
    unicode,
    escaped(first(word('or'), word('and'), word('not'))),
    drawnAs(character(/\*/), () => star),
    sequence([no(special), no(or), no(and), no(not), any]),
  ),
  1,
  (parts) => parts.join('').trim(),
);
const quoted = sequence(
  [
    character(/"/),
    many(first(control, unicode, escaped(character(/[\\"]/)), character(/[^"]/)), 0),
    character(/"/),
  ],
  ([, text = '']) => `«${text}»`,
);
const value = first(
  drawnAs(quoted, (text) => `=${text}`),
  drawnAs(unquoted, (text) => {
    if (text.includes(star)) return `~${text.replaceAll('*', '\\*').replaceAll(star, '*')}`;
    return ['true', 'false', 'null'].includes(text) ? `=${text}!` : `=${text}`;
  }),
);
const name = first(
  quoted,
  drawnAs(unquoted, (text) =>
    text.includes(star) ? text.replaceAll('*', '\\*').replaceAll(star, '*') : text,
  ),
);

function chain(operator: Reader, sign: string, operand: Reader): Reader {
  const more = sequence([operator, operand], ([, drawn = '']) => ` ${sign} ${drawn}`);
  return sequence([operand, many(more, 0)], ([head = '', tail = '']) =>
    tail === '' ? head : `(${head}${tail})`,
  );
}

function negatable(operand: Reader): Reader {
  return first(
    sequence([not, operand], ([, drawn = '']) => `!${drawn}`),
    operand,
  );
}

function inside(open: RegExp, reader: Reader, close: RegExp): Reader {
  return sequence([character(open), spaces, reader, spaces, character(close)], ([, , drawn = '']) => drawn);
}

const orOf = (operand: Reader) => chain(or, '|', chain(and, '&', negatable(operand)));
const query: Reader = (text, at) => orOf(first(inside(/\(/, query, /\)/), nested, term))(text, at);

const list =
  (field: string): Reader =>
  (text, at) =>
    first(
      inside(/\(/, orOf(list(field)), /\)/),
      drawnAs(value, (drawn) => field + drawn),
    )(text, at);

const bound = drawnAs(value, (drawn) => drawn.slice(1));
const operator = sequence([character(/[<>]/), optional(character(/=/), '')]);
const range = sequence([name, spaces, operator, spaces, bound]);
const named: Reader = (text, at) => {
  const field = sequence([name, spaces, character(/:/), spaces], ([drawn = '']) => drawn)(text, at);
  return field && list(field.drawn)(text, field.end);
};
const nested = sequence(
  [name, spaces, character(/:/), spaces, inside(/\{/, query, /\}/)],
  ([field = '', , , , drawn = '']) => `${field}{${drawn}}`,
);
const term = first(range, named, value);
