import { type Mutant, oneLine } from './mutants.ts';

interface Equivalent {
  readonly file: string;
  readonly from: string;
  /** Each of these replacements survives. */
  readonly to: readonly string[];
  readonly why: string;
}

type Row = [from: string, to: string | readonly string[], why: string];

/** Mutants that no test can kill, or need not, and why. A row covers every place in the file with the same text. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  'lambda/dedup/admit-alerts.ts': [
    ['40', '41', 'A length of a random pause.'],
    ['16', '17', 'A number of reads at a time.'],
    [
      "{ groupKey: '', groupScope: undefined }",
      '{}',
      'Without a request, only the absence of the scope is read.',
    ],
    ["''", "'mutant'", 'Without a request, only the absence of the scope is read.'],
    ['[]', "['mutant']", 'For the compiler: every request has an admission, or nothing is to be withdrawn.'],
    ['opened', 'true', 'Without a window nothing is tried, and the alert is sent.'],
    ['await pause();', 'nothing', 'Pauses make collisions rarer.'],
    ['window !== undefined', ['window === undefined', 'true', 'false'], 'Pauses make collisions rarer.'],
    [
      'return new Promise((resolve) => setTimeout(resolve, Math.random() * maxPauseMs));',
      'nothing',
      'Pauses make collisions rarer.',
    ],
    ['Math.random() * maxPauseMs', 'Math.random() / maxPauseMs', 'Pauses make collisions rarer.'],
  ],
  'lambda/dedup/dynamodb-calls.ts': [
    ['{ once: true }', '{}', 'A signal aborts once.'],
    ['true', 'false', 'A signal aborts once; the other place is killed.'],
    ['[]', "['mutant']", 'It is no gravity.'],
  ],
  'lambda/dedup/dynamodb-windows.ts': [
    ['[]', "['mutant']", 'An element without a key is passed by.'],
    [
      "''",
      "'mutant'",
      'For the compiler: a summary that is not pending was rolled up; the other place is killed.',
    ],
  ],
  'lambda/dedup/stored-summary.ts': [
    [
      "!isObject(value) || typeof count !== 'number' || !Number.isFinite(count)",
      "!isObject(value) || typeof count !== 'number' && !Number.isFinite(count)",
      'For the compiler: only a number is finite, and only an object has a count.',
    ],
    [
      "!isObject(value) || typeof count !== 'number'",
      ["!isObject(value) && typeof count !== 'number'", 'false'],
      'For the compiler: only a number is finite, and only an object has a count.',
    ],
    ["typeof count !== 'number'", 'false', 'For the compiler: only a number is finite.'],
    ["''", "'mutant'", 'Neither is JSON; the other places are killed.'],
    ['return undefined;', 'nothing', 'A function without a return has this result.'],
  ],
  'lambda/dedup/storm-window.ts': [
    ['indexOf', 'lastIndexOf', 'Each severity is listed once.'],
    [
      'severities.indexOf(a.worst) > severities.indexOf(b.worst)',
      'severities.indexOf(a.worst) >= severities.indexOf(b.worst)',
      'If they are equal, either is right.',
    ],
  ],
  'lambda/findings/actor-and-request.ts': [
    ["typeof value === 'number'", 'true', 'For the compiler: no other value is finite.'],
    ["requested.kind === 'object'", 'true', 'For the compiler: other kinds have no object.'],
    ["''", "'mutant'", 'Neither is the name of a signer.'],
  ],
  'lambda/findings/build-finding.ts': [
    ['[]', "['mutant']", 'The signals are not read before they are replaced.'],
  ],
  'lambda/findings/canonical-json.ts': [
    ['a < b', 'a <= b', 'An object has each key once; the other changes are killed.'],
    ['1', '2', 'Only the sign is read.'],
  ],
  'lambda/findings/certificate-use.ts': [
    ['[]', "['mutant']", 'Neither contains the group.'],
    ["origin.kind === 'log-stream'", 'true', 'For the compiler: other origins have no log group.'],
    ["''", "'mutant'", 'Neither is the name of a signer.'],
  ],
  'lambda/findings/dry-run.ts': [["''", "'mutant'", 'Neither has a query.']],
  'lambda/findings/event-body.ts': [
    ['code !== undefined', 'true', 'For the compiler: no comparison with undefined holds.'],
    ["requested.kind === 'object'", 'true', 'For the compiler: other kinds have no object.'],
  ],
  'lambda/findings/finding-facts.ts': [
    ['actions.length === 0', 'false', 'An empty text is no fact either.'],
    ['items.length === 0', 'false', 'An empty text is no fact either.'],
    ['values.length === 0', 'false', 'An empty text is no fact either.'],
    ["origin.kind === 'file'", 'false', 'For the compiler: a file has no account.'],
    ["'file'", "''", 'For the compiler: a file has no account.'],
    [
      "''",
      "'mutant'",
      'Not the name of a service account, or for the compiler; the other places are killed.',
    ],
    [
      '[]',
      "['mutant']",
      'Not the name of a group, or an element that is not read; the other places are killed.',
    ],
    ['Object.hasOwn(extra, key)', 'true', 'No key is the name of an inherited member.'],
    ['1', '2', 'A list of one is never cut; the other places are killed.'],
    ['60', '61', 'An address is shorter; the other places are killed.'],
  ],
  'lambda/findings/finding-id.ts': [
    ["''", "'mutant'", 'Neither is a time.'],
    ['[]', "['mutant']", 'The first element is never read.'],
    ['/0+$/', '/0*$/', 'Nothing is replaced by nothing.'],
  ],
  'lambda/findings/finding-json.ts': [
    ['0', '1', 'JSON has more characters than the strings in it; the other places are killed.'],
    ['characters <= maxCharacters', 'true', 'Saves time.'],
    [
      'characters > maxCharacters',
      'characters >= maxCharacters',
      'JSON has more characters than the strings in it.',
    ],
  ],
  'lambda/findings/gravity.ts': [['indexOf', 'lastIndexOf', 'Each is listed once.']],
  'lambda/findings/json-patch.ts': [
    ['2', '3', 'Any part too many represents a longer path.'],
    ['Object.hasOwn(document, key)', 'true', 'What is inherited has no members of its own to keep.'],
    ['part !== undefined', 'true', 'For the compiler: `undefined` is no place.'],
  ],
  'lambda/findings/object-noun.ts': [
    ['resource !== undefined', 'true', 'For the compiler: `undefined` is no kind.'],
  ],
  'lambda/findings/phase.ts': [
    ["result.kind === 'object'", 'true', 'For the compiler: other kinds have no object.'],
  ],
  'lambda/findings/pod-output.ts': [
    ['pod === undefined', 'false', 'For the compiler: the next condition asks again.'],
  ],
  'lambda/findings/read-request.ts': [
    ['keyDigest === undefined', 'false', 'An absent member and an undefined one are read alike.'],
  ],
  'lambda/findings/signals/actor-signals.ts': [
    ['[]', "['mutant']", 'For the compiler: each text is a network; the other places are killed.'],
    ['address === undefined', 'false', 'For the compiler: it is not parsed then.'],
    ['userAgent === undefined', 'false', 'For the compiler: `undefined` is no tool.'],
  ],
  'lambda/findings/signals/certificate-signals.ts': [
    ["''", "'mutant'", 'Neither is the name of a signer; the other places are killed.'],
  ],
  'lambda/findings/signals/subject-signals.ts': [
    ['b === masters', 'false', 'The first place is for the group in either order of the comparison.'],
    ["''", "'mutant'", 'For the compiler: a node has a requester.'],
    ['[]', "['mutant']", 'One name is not several; the other places are killed.'],
    ['last === undefined', 'false', 'For the compiler: the length is compared as well.'],
  ],
  'lambda/findings/subject-fields.ts': [
    ['resource !== undefined', 'true', 'For the compiler: `undefined` is no kind.'],
  ],
  'lambda/findings/x509/alternative-names.ts': [
    ['[]', "['mutant']", 'For the compiler: 16 bytes have groups; the other places are killed.'],
  ],
  'lambda/findings/x509/der.ts': [
    ["'Refusal'", "''", 'The name is for debugging.'],
    ['first === undefined', 'false', 'An absent length is refused below.'],
    ['count === 0', 'false', 'A length of nothing is less than 0x80.'],
    ['1', '2', 'A tag number of a sixth octet is too large; the other places are killed.'],
    ['5', '6', 'A tag number of a sixth octet is too large.'],
    ['last < 0', 'false', 'A number without octets is less than 31.'],
    ['0', '1', 'Without octets there are no unused bits; the other places are killed.'],
    ['unused === 0', 'false', 'Saves a copy.'],
  ],
  'lambda/findings/x509/pem.ts': [
    ['1', '2', 'Any negative number means none; the other places are killed.'],
    ['beginAt < 0', 'false', 'A line that ends a block does not begin one.'],
    ["''", "'mutant'", 'For the compiler: the list is not empty.'],
  ],
  'lambda/findings/x509/public-key.ts': [
    ['if (error instanceof Refusal) return undefined; throw error;', 'nothing', 'No other error is known.'],
    ['error instanceof Refusal', 'true', 'No other error is known.'],
    ['0', '1', 'An integer without octets is zero; the other places are killed.'],
    ['/^0+/', '/^0*/', 'Nothing is replaced by nothing.'],
    ['16', '17', 'A hexadecimal digit has one value in either base.'],
  ],
  'lambda/findings/x509/read-certificate-request.ts': [
    ['!(error instanceof Refusal)', 'false', 'No other error is known.'],
    ['error instanceof Refusal', 'true', 'No other error is known.'],
    ['keyDigest === undefined', 'false', 'An absent member and an undefined one are read alike.'],
    ['if (error instanceof Refusal) return undefined; throw error;', 'nothing', 'No other error is known.'],
  ],
  'lambda/findings/x509/read-certificate.ts': [
    ['!(error instanceof Refusal)', 'false', 'No other error is known.'],
    ['error instanceof Refusal', 'true', 'No other error is known.'],
    ['/^(00)+(?=.)/', '/^(00)*(?=.)/', 'Nothing is replaced by nothing.'],
    ['/^(\\d*)Z$/', '/^(\\d+)Z$/', 'Neither is a time.'],
    ["''", "'mutant'", 'Neither is a time; the other places are killed.'],
    ["digits < '5'", "digits <= '5'", 'One digit is no time.'],
    [
      '/^(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)$/',
      [
        '/(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)$/',
        '/^(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)/',
      ],
      'With further digits, the result is no time.',
    ],
  ],
  'lambda/findings/x509/signature.ts': [
    ["{ key: 'rsa', hash: 'sha256' }", '{}', "RSA and SHA-256 are Node's defaults."],
    ['algorithm === pss', 'false', 'PSS is not in the list of schemes; the other place is killed.'],
    ['?.', '.', 'A hash of PSS is never null; the other places are killed.'],
    ["'the PSS parameters lack a field'", "''", 'The reason is not shown.'],
    ['if (error instanceof Refusal) return undefined; throw error;', 'nothing', 'No other error is known.'],
    ['error instanceof Refusal', 'true', 'No other error is known.'],
  ],
  'lambda/framing/byte-search.ts': [
    ['loaded !== program', 'true', 'Saves time: the program would be copied again.'],
    ['index > 0', ['index >= 0', 'true'], 'Before the first place there is none, which counts as 0.'],
    [
      '(places[index - 1] ?? 0) > place',
      '(places[index - 1] ?? 0) >= place',
      'If they are equal, either order is right.',
    ],
    ['index === places.length', 'false', 'A place put in at the end is put behind the others.'],
  ],
  'lambda/framing/content-kind.ts': [
    ['512', '513', 'A byte more is looked at.'],
    [
      '/^(?=[\\w+/-]{60})[\\w+/=\\r\\n-]+$/',
      '/^(?=[\\w+/-]{60})[\\w+/=\\r\\n-]*$/',
      'There are sixty characters in any case.',
    ],
  ],
  'lambda/framing/detect-framing.ts': [
    ["'documents'", "''", 'Only the other framing is asked for.'],
    ['lineEnd < 0', 'lineEnd <= 0', 'A document does not begin with a line feed.'],
    ['lineEnd >= 0', 'lineEnd > 0', 'A document does not begin with a line feed.'],
    ['0', '1', 'A document does not begin with a line feed; the other place is killed.'],
    [
      'cursor.unreadBytes > options.maxRecordBytes',
      ['cursor.unreadBytes >= options.maxRecordBytes', 'false'],
      'More in memory.',
    ],
  ],
  'lambda/framing/document-boundaries.ts': [
    ['65_536', '65537', 'How far a boundary is looked for, which only saves time.'],
    ['7', '8', 'The expression reads six characters at most.'],
    ['line >= 0', 'line > 0', 'Saves time: the document before the boundary would be read.'],
    ['line < 0', 'line <= 0', 'A text does not begin with a line feed.'],
    ['at >= 0', 'at > 0', 'A malformed document does not begin with a line feed.'],
    ['at < bytes.length', 'at <= bytes.length', 'Behind the last byte nothing begins.'],
    ["'other'", "''", 'It is only compared with the other kinds.'],
    ['before < 0', ['before <= 0', 'false'], 'Before a text is what was read before it.'],
    ['document < 0', 'document <= 0', 'A text does not begin with a brace.'],
    [
      '0',
      '1',
      'See the comparisons with it above, or one boundary fewer to be found, which only saves time; the other places are killed.',
    ],
    [
      '1',
      '2',
      'Any negative number means none, or one boundary fewer is found, which only saves time; the other places are killed.',
    ],
    ['3', '4', 'A byte more is searched for a boundary again.'],
  ],
  'lambda/framing/document-splitter.ts': [
    ['1_024', '1025', 'More than any literal has.'],
    [
      'cursor.unreadBytes <= options.maxRecordBytes + lookaheadBytes',
      'cursor.unreadBytes < options.maxRecordBytes + lookaheadBytes',
      'A byte less in memory.',
    ],
    ['max', 'min', 'More in memory, which test/framing/flat-memory.test.ts measures.'],
    ["reading.kind === 'open'", 'true', 'More bytes at the end of the window; the other place is killed.'],
    ['at < 0', 'at <= 0', 'A text does not begin with a line feed.'],
    ['0', '1', 'A text does not begin with a line feed; the other places are killed.'],
    ["'ended'", "''", 'It is only compared with the other kinds.'],
  ],
  'lambda/framing/json-bytes.ts': [
    ['byte !== undefined', 'true', 'For the compiler: no comparison with undefined holds.'],
    ['0x20', '33', 'A space has its class in any case; the other places are killed.'],
    ['0', '1', 'Neither is a letter; the other places are killed.'],
  ],
  'lambda/framing/json-reader.ts': [
    ['[]', "['mutant']", 'It is replaced before it is read.'],
    ['0', '1', 'It is replaced before it is read, or a byte that is there; the other places are killed.'],
    ["'reader'", "''", 'A description.'],
    ['!this.shows(bytes, at)', 'true', 'Saves time: the bytes would be copied again.'],
    ['!this.shows(bytes, end)', 'true', 'Saves time: the bytes would be copied again.'],
    ['shownTo < limit', ['shownTo <= limit', 'true'], 'Saves time: the bytes would be copied again.'],
    [
      'const isMine = bytes === this.shown && lastToShow === this.id; return isMine && at >= this.shownFrom && at < this.shownTo;',
      'nothing',
      'Saves time: the bytes would be copied again.',
    ],
    [
      'bytes === this.shown && lastToShow === this.id',
      'false',
      'Saves time: the bytes would be copied again.',
    ],
    ['bytes === this.shown', 'false', 'Saves time: the bytes would be copied again.'],
    ['lastToShow === this.id', 'false', 'Saves time: the bytes would be copied again.'],
    [
      'isMine && at >= this.shownFrom && at < this.shownTo',
      'false',
      'Saves time: the bytes would be copied again.',
    ],
    ['isMine && at >= this.shownFrom', 'false', 'Saves time: the bytes would be copied again.'],
    [
      'at >= this.shownFrom',
      ['at > this.shownFrom', 'false'],
      'Saves time: the bytes would be copied again.',
    ],
    ['at < this.shownTo', 'false', 'Saves time: the bytes would be copied again.'],
  ],
  'lambda/framing/line-splitter.ts': [
    ['lineEnd < 0', 'lineEnd <= 0', 'A line feed at 0 ends an empty line, which is not yielded.'],
    ['0', '1', 'A line feed at 0 ends an empty line, which is not yielded; the other places are killed.'],
    ['isOpen', 'false', 'The cursor is behind the last byte in any case; the other places are killed.'],
  ],
  'lambda/framing/memory-layout.ts': [
    ['2', '3', 'Only the compiled module reads it; the other places are killed.'],
    ['3', '4', 'Only the compiled module reads it; the other places are killed.'],
    ['5', '6', 'Only the compiled module reads it; the other places are killed.'],
    ['6', '7', 'Only the compiled module reads the one, and the other is a kind that no other pattern has.'],
    ['7', '8', 'One more number is kept; the other places are killed.'],
    ['8', '9', 'Only the compiled module reads it; the other places are killed.'],
    ['16', '17', 'Only the compiled module reads it; the other places are killed.'],
    ['countAt + 16', 'countAt - 16', 'Only the compiled module reads it.'],
    ['256', '257', 'Only the compiled module reads it.'],
    ['320', '321', 'It is divided into words of four bytes; the other place is killed.'],
    ['384', '385', 'The program states where its patterns are, behind a free byte.'],
  ],
  'lambda/framing/prefilter.ts': [
    ['[]', "['mutant']", 'Every place is a candidate, or nothing but the checked literal.'],
    ['() => false', '() => undefined', 'Without a checked literal it is not called.'],
    ['false', 'true', 'Without a checked literal it is not called.'],
    [
      '!found || at < found.from || at >= found.to',
      'true',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      '!found || at < found.from',
      'true',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      'at < found.from',
      ['at <= found.from', 'true'],
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    ['at >= found.to', 'true', 'Saves time: the bytes would be searched, or the program made, again.'],
    [
      'known.set(bytes, found);',
      'nothing',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      '({ hasNul }) => hasNul',
      '() => undefined',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      '!found.hasNul',
      ['true', 'false', 'found.hasNul'],
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      'known.set(chunk, found);',
      'nothing',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      'return candidates.length > 0;',
      'nothing',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      'candidates.length > 0',
      'false',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    ['0', '1', 'Saves time: the bytes would be searched, or the program made, again.'],
    [
      'programs.set(literals, byChecked);',
      'nothing',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
    [
      'byChecked.set(checked, program);',
      'nothing',
      'Saves time: the bytes would be searched, or the program made, again.',
    ],
  ],
  'lambda/framing/search-patterns.ts': [
    ['[]', "['mutant']", 'One candidate more, which costs time.'],
    ["''", "'mutant'", 'More escapes are candidates, which costs time.'],
  ],
  'lambda/framing/search-program.ts': [
    ['6', '7', 'A byte more is looked at.'],
    [
      'bucketsAt + 4 * bucket',
      'bucketsAt - 4 * bucket',
      'A bucket begins where the one before ends, which is written, too.',
    ],
    ['other < 256', 'other <= 256', 'Saves time: more places would be compared, none fewer.'],
    ['256', '257', 'Saves time: more places would be compared, none fewer.'],
    [
      'byte === undefined || (other | isIgnored) === byte',
      'true',
      'Saves time: more places would be compared, none fewer.',
    ],
    ['byte === undefined', 'true', 'Saves time: more places would be compared, none fewer.'],
    [
      '(other | isIgnored) === byte',
      ['(other | isIgnored) !== byte', 'true'],
      'Saves time: more places would be compared, none fewer.',
    ],
    ['0x25', '38', 'Saves time: more places would be compared, none fewer.'],
    ['5', '6', 'Saves time: more places would be compared, none fewer.'],
    [
      '({ bytes, pair }: PlacedPattern) => bytes[pair] ?? 0',
      '() => undefined',
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      'byte >= 0x20 && byte < 0x80',
      ['byte >= 0x20 || byte < 0x80', 'true'],
      'Saves time: more places would be compared, none fewer.',
    ],
    ['byte >= 0x20', ['byte > 0x20', 'true'], 'Saves time: more places would be compared, none fewer.'],
    ['0x20', '33', 'Saves time: more places would be compared, none fewer.'],
    ['byte < 0x80', ['byte <= 0x80', 'true'], 'Saves time: more places would be compared, none fewer.'],
    ['0x80', '129', 'Saves time: more places would be compared, none fewer.'],
    [
      '.sort((a, b) => first(a) - first(b))',
      'nothing',
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      '(a, b) => first(a) - first(b)',
      '() => undefined',
      'Saves time: more places would be compared, none fewer.',
    ],
    ['first(a) - first(b)', 'first(a) + first(b)', 'Saves time: more places would be compared, none fewer.'],
    [
      'texts.length / sharedBuckets',
      'texts.length * sharedBuckets',
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      "'er on st es io te at ta me nt re ti se ou le ce in be am ap ge co ro en au na et us ec ub ol s. ve ku ut pi tr em 26 '",
      "''",
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      "'ic .i ag si .k ll ed ys sy 02 ue m: rs ca so v1 or Re 8s th k8 e- im de ns ur ma an li rn is 00 20 mp nd 11 rc ne 21 '",
      "''",
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      "'pl qu eq al as Ve da ad -c sp ac di 1- ri :5 n. 6- 23 ea el lo ho -1 -2 po it ch he f: up 3T T2 1: iV Ti tR iz r- za '",
      "''",
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      "'ts lu -4 rb rv ud ra 56 -a -m 55 ow ct u0 ps ot ep :a ng la tc ki :k to gr od ef id tu .0 no rt'",
      "''",
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      "const text = bytes.toString('latin1'); let best = 0; let rarity = -1; for (let at = 0; at + 1 < text … t, place]; } return best;",
      'nothing',
      'Saves time: more places would be compared, none fewer.',
    ],
    ['-1', '1', 'Saves time: more places would be compared, none fewer.'],
    ['1', '2', 'Saves time: more places would be compared, none fewer.'],
    ['0', '1', 'Saves time: more places would be compared, none fewer.'],
    [
      'at + 1 < text.length',
      ['at + 1 <= text.length', 'false'],
      'Saves time: more places would be compared, none fewer.',
    ],
    ['at + 1', 'at - 1', 'Saves time: more places would be compared, none fewer.'],
    [
      'const place = frequentPairs.indexOf(text.slice(at, at + 2)); if (place < 0) return at; if (place > rarity) [best, rarity] = [at, place];',
      'nothing',
      'Saves time: more places would be compared, none fewer.',
    ],
    ['indexOf', 'lastIndexOf', 'Saves time: more places would be compared, none fewer.'],
    ['.slice(at, at + 2)', 'nothing', 'Saves time: more places would be compared, none fewer.'],
    ['at + 2', 'at - 2', 'Saves time: more places would be compared, none fewer.'],
    ['2', '3', 'Saves time: more places would be compared, none fewer.'],
    [
      'place < 0',
      ['place <= 0', 'place >= 0', 'true', 'false'],
      'Saves time: more places would be compared, none fewer.',
    ],
    [
      'place > rarity',
      ['place >= rarity', 'place <= rarity', 'true', 'false'],
      'Saves time: more places would be compared, none fewer.',
    ],
    ['[at, place]', '[]', 'Saves time: more places would be compared, none fewer.'],
  ],
  'lambda/framing/record-reader.ts': [
    ['32', '33', 'One blank more between a key and its list.'],
    ['-1', '1', 'It is replaced before it is read, or sought again.'],
    [
      '0',
      '1',
      'It is replaced before it is read, no line begins at 0, or no key does; the other place is killed.',
    ],
    ['1', '2', 'Any negative number means none; the other places are killed.'],
    ['this.line <= window.at', 'true', 'Saves time: the line would be sought again.'],
    ['this.line < 0', 'this.line <= 0', 'Before the beginning of a line is a line feed.'],
    ['max', 'min', 'A negative beginning of a text is its beginning, too; the other places are killed.'],
    ['this.hit < at', ['this.hit <= at', 'true'], 'Saves time: the candidate would be sought again.'],
    [
      'base + this.hit > window.searchedTo',
      ['base + this.hit >= window.searchedTo', 'true'],
      'Saves time: a boundary would be sought again.',
    ],
    [
      'window.searchedTo - base',
      'window.searchedTo + base',
      'Saves time: without a boundary the documents are read.',
    ],
    ['base + this.hit', 'base - this.hit', 'Saves time: a boundary would be sought again.'],
    ['window.at === at', 'false', 'Saves time: documents without a candidate would be read one by one.'],
    ["'ended'", "''", 'It is only compared with the other kinds.'],
    ['base + at === this.openFrom', 'false', 'Saves time: the document is read again from its beginning.'],
    ['base + at', 'base - at', 'Saves time: the document is read again from its beginning.'],
    [
      'isContinued && length <= this.options.maxRecordBytes',
      'false',
      'Saves time: the document is read again from its beginning.',
    ],
    [
      'length <= this.options.maxRecordBytes',
      ['length < this.options.maxRecordBytes', 'false'],
      'Saves time: the document is read again from its beginning.',
    ],
    [
      "isOpen && this.place === 'intact'",
      'false',
      'Saves time: the document is read again from its beginning.',
    ],
    [
      "this.place === 'intact'",
      'false',
      'Saves time: the document is read again from its beginning; the other places are killed.',
    ],
    [
      "'intact'",
      "''",
      'Saves time: the document is read again from its beginning; the other places are killed.',
    ],
    [
      'this.hit < to',
      'this.hit <= to',
      'No candidate begins where a record that is not skipped ends: at a brace or a line feed.',
    ],
    ['this.hit === bytes.length', 'true', 'More bytes than are needed.'],
    ['next === this.end', 'true', 'More bytes than are needed.'],
    [
      'bytes.length - at <= this.options.maxRecordBytes',
      'bytes.length - at < this.options.maxRecordBytes',
      'A byte less in memory.',
    ],
  ],
  'lambda/framing/wasm-module.ts': [
    ['65_536', '65537', 'As many pages of memory.'],
    ['missing > 0', 'missing >= 0', 'Memory that grows by nothing.'],
    ['0', '1', 'A byte of memory more or less, of which there is some to spare.'],
    ['!module || missing > 0', 'true', 'Saves time: the views of the memory would be made again.'],
    ["typeof exported !== 'function'", 'false', 'For the compiler: the module has these functions.'],
    ["'the WebAssembly module lacks a function'", "''", 'For the compiler: the module has these functions.'],
  ],
  'lambda/kql/compiler.ts': [
    ["child.kind === 'is'", 'true', 'For the compiler: the next line asks again.'],
    ["child.kind !== 'is'", 'false', 'For the compiler: other kinds have no field here.'],
    ['30', '31', 'Costs are only compared.'],
    ['false', 'true', 'The result of a query with an error is not used; the other places are killed.'],
  ],
  'lambda/kql/date-expression.ts': [
    [
      "''",
      "'mutant'",
      'The expressions match every text that is not empty; neither text is a date or a zone.',
    ],
    ['[]', "['mutant']", 'The first element is never read.'],
    [
      '/^(now)(.*)$/s',
      ['/^(now)(.+)$/s', '/^(now)(.*)/s'],
      'The rest is greedy, and `now` matches the second expression.',
    ],
    [
      '/^(.+?)(?:\\|\\|(.*))?$/s',
      ['/(.+?)(?:\\|\\|(.*))?$/s', '/^(.*?)(?:\\|\\|(.*))?$/s'],
      'A match begins at the first character, and an empty date is no date.',
    ],
    ['{ ms: Number.NaN, unit: undefined }', '{}', 'The time of `now` is not read from it.'],
    [
      "anchorText === 'now'",
      'true',
      'A date that does not depend on the time is evaluated once, to save time.',
    ],
    ['0', '1', 'The time of evaluation of a date that does not depend on it.'],
    ['3', '4', 'The fourth digit is cut off.'],
    [
      '/^([+-])(\\d\\d):?(\\d\\d)?$/',
      ['/([+-])(\\d\\d):?(\\d\\d)?$/', '/^([+-])(\\d\\d):?(\\d\\d)?/'],
      'The zone was matched by a stricter expression.',
    ],
    [
      '/^([-+/])(\\d*)([yMwdhHms])/',
      '/([-+/])(\\d*)([yMwdhHms])/',
      'What is before the match is left over at the end.',
    ],
    ['whole === undefined', 'false', 'For the compiler: without a match there is no unit.'],
    ['unit === undefined', 'false', 'The expression matches units only.'],
    ["'round'", "''", 'Only the other kind is compared.'],
  ],
  'lambda/kql/error.ts': [
    ['lineEnd < 0', 'lineEnd <= 0', 'The end of a line that is not empty is not at 0.'],
    ['0', '1', 'The end of a line that is not empty is not at 0.'],
  ],
  'lambda/kql/field-predicates.ts': [
    ['1', '2', 'Costs are only compared.'],
    ['6', '7', 'Costs are only compared.'],
    ['4', '5', 'Costs are only compared.'],
    ['10', '11', 'Costs are only compared.'],
    ['100', '101', 'Costs are only compared.'],
    ['field.leaf', 'false', 'Saves time: a document without an object there has no fields below.'],
    [
      "typeof value === 'object'",
      'true',
      'Saves time: a document without an object there has no fields below.',
    ],
    [
      '!canHaveOthers(document)',
      'false',
      'Saves time: a document without an object there has no fields below.',
    ],
    ['!tests.has(type)', 'true', 'Saves time: the test would be made again.'],
    ['result.ok', 'true', 'For the compiler: an error has no test.'],
  ],
  'lambda/kql/field-cache.ts': [['[]', "['mutant']", 'It is replaced before it is read.']],
  'lambda/kql/ip-address.ts': [
    ["''", "'mutant'", 'For the compiler: a split text has a first part.'],
    ['16', '17', 'A shift by 16 or more leaves no bit; the other places are killed.'],
    ['0', '1', 'The sum begins with a bit that is shifted out; a part of 0 is handled before.'],
    ['1', '2', 'Any negative number means none; the other places are killed.'],
    ['part < 0', 'part <= 0', 'A part of 0 is handled before.'],
    ['code >= 48', 'true', 'A lower code gives a negative digit.'],
  ],
  'lambda/kql/lexer.ts': [
    ['0', '1', 'For the compiler: there is a character.'],
    ["''", "'mutant'", 'For the compiler: the list is not empty.'],
    ['3', '4', 'White space is there, which is skipped in any case.'],
    [
      '!this.isSpace(offset) || this.isSpace(offset - 1)',
      ['!this.isSpace(offset) && this.isSpace(offset - 1)', 'false'],
      'Saves time: a keyword begins at the first white space.',
    ],
    ['offset - 1', 'offset + 1', 'A keyword begins at the last white space: what is before it is trimmed.'],
    ['[]', "['mutant']", 'The first element is not read.'],
    ['5', '6', 'More characters, which no escape has; the other place is killed.'],
    ['/^u([0-9a-fA-F]{4})/', '/u([0-9a-fA-F]{4})/', 'The text is no longer than a match.'],
  ],
  'lambda/kql/literals.ts': [
    ['1_000', '1001', 'Any divisor greater than the length of a literal gives the same order.'],
    ['[]', "['mutant']", 'No literal has such a key; the other places are killed.'],
    ['/[A-Za-z0-9_.:-]+/g', '/[A-Za-z0-9_.:-]*/g', 'Empty texts are the shortest.'],
    [
      'all.length > maxLiterals * maxLiterals',
      'all.length >= maxLiterals * maxLiterals',
      'Saves time: so many are too many in any case.',
    ],
  ],
  'lambda/kql/parse.ts': [['error instanceof SyntaxProblem', 'true', 'No other error is known.']],
  'lambda/kql/rule-selector.ts': [
    ['found.length > 0', ['found.length >= 0', 'true'], 'Saves a copy.'],
    ['a.length === 0', 'false', 'Saves a copy.'],
    ['() => []', '() => undefined', 'For the compiler: a query requires the field, and replaces it.'],
    ['[]', "['mutant']", 'For the compiler: a query requires the field, and replaces it.'],
    ['shared.set(indexes, selector);', 'nothing', 'Saves memory.'],
  ],
  'lambda/kql/similar-name.ts': [
    [
      'Math.abs(a.length - b.length) > 2',
      'false',
      'Saves time: the distance is not less than the difference.',
    ],
    ['2', '3', 'Saves time: the distance is not less than the difference; the other places are killed.'],
    ['[]', "['mutant']", 'It is replaced before it is read.'],
    ['1', '2', 'An element more; the other places are killed.'],
    ['i > 1', ['i >= 1', 'true'], 'There is no character before the first that could be swapped.'],
    ['j > 1', ['j >= 1', 'true'], 'There is no character before the first that could be swapped.'],
    [
      'i > 1 && j > 1',
      ['i > 1 || j > 1', 'true'],
      'There is no character before the first that could be swapped.',
    ],
  ],
  'lambda/kql/text-literals.ts': [
    ['false', 'true', 'A literal that ignores case has no filter, which alone asks for whole words.'],
    ['/[a-z0-9_.:]+/g', '/[a-z0-9_.:]*/g', 'Empty texts are the shortest.'],
    ['/^[-+.\\de]*$/', '/^[-+.\\de]+$/', 'An empty text is too short.'],
    [
      "value.kind !== 'text' && value.kind !== 'wildcard'",
      'false',
      'For the compiler: a boolean is a value of that type, and null has no literals.',
    ],
    ["value.kind !== 'text'", 'false', 'For the compiler: see above.'],
    ["value.kind !== 'wildcard'", 'false', 'For the compiler: see above.'],
  ],
  'lambda/kql/text-words.ts': [
    [
      '/[\\p{L}\\p{N}\\p{M}_]+(?:(?:(?<=\\p{L})[.:](?=\\p{L})|(?<=\\p{N})[.,](?=\\p{N}))[\\p{L}\\p{N}\\p{M}_]+)*/gu',
      '/[\\p{L}\\p{N}\\p{M}_]+(?:(?:(?<=\\p{L})[.:](?=\\p{L})|(?<=\\p{N})[.,](?=\\p{N}))[\\p{L}\\p{N}\\p{M}_]*)*/gu',
      'A letter or a digit follows what joins.',
    ],
  ],
  'lambda/kql/tree.ts': [
    ["'everything'", "''", 'An empty query is part of no other.'],
    ['0', '1', 'An empty query is part of no other, and a list is not empty; the other places are killed.'],
    ['query.children[0]', 'true', 'A list is not empty.'],
  ],
  'lambda/kql/types/boolean.ts': [['1', '2', 'Ranks are only compared.']],
  'lambda/kql/types/date.ts': [
    ['found === undefined', 'false', 'For the compiler: no comparison with undefined holds.'],
    ['found !== undefined', 'true', 'For the compiler: no comparison with undefined holds.'],
    ['false', 'true', 'For the compiler: no comparison with undefined holds.'],
  ],
  'lambda/kql/types/integer.ts': [
    ["typeof value === 'number'", 'true', 'For the compiler: no other value is finite.'],
  ],
  'lambda/kql/types/ip.ts': [
    ['found !== undefined', 'true', 'For the compiler: no comparison with undefined holds.'],
  ],
  'lambda/kql/types/keyword.ts': [['() => false', '() => undefined', 'Both are false.']],
  'lambda/kql/types/text.ts': [
    ["literal.kind === 'text'", 'true', 'For the compiler: no other literal is quoted.'],
  ],
  'lambda/kql/types/type.ts': [
    ['() => false', '() => undefined', 'Both are false.'],
    ['/[\\ud800-\\udfff]/', '/[^\\ud800-\\udfff]/', 'Texts of nothing but surrogates have the same order.'],
    ['1', '2', 'Only the sign is read.'],
    [
      'surrogate.test(value) || surrogate.test(bound)',
      'true',
      'Saves time: the order is the same without surrogates.',
    ],
  ],
};

export const equivalentMutants: readonly Equivalent[] = Object.entries(rows).flatMap(([file, list]) =>
  list.map(([from, to, why]) => ({ file, from, to: typeof to === 'string' ? [to] : to, why })),
);

export function argumentFor(mutant: Mutant): Equivalent | undefined {
  return equivalentMutants.find(
    ({ file, from, to }) =>
      file === mutant.file && from === oneLine(mutant.from) && to.includes(oneLine(mutant.to)),
  );
}
