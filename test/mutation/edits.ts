import type { ESTree } from 'rolldown/utils';

/** A change of the source that a test should notice: the text between two offsets is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The same, with the parentheses that it needs. */
  readonly code?: string;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '|=': ['&='],
  '&=': ['|='],
  '??=': ['='],
  '||=': ['='],
};
const comparisons = /^([!=]==|[<>]=?|&&|\|\||in|instanceof)$/;

/** A call of the first is replaced by a call of the second or, without one, by its receiver. */
const methods: Readonly<Record<string, string | null>> = {
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  some: 'every',
  every: 'some',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  trimStart: 'trimEnd',
  trimEnd: 'trimStart',
  min: 'max',
  max: 'min',
  filter: null,
  reverse: null,
  slice: null,
  sort: null,
  subarray: null,
  toReversed: null,
  toSorted: null,
  trim: null,
};

/** What can be changed at an expression. The text is the whole file. */
export function expressionEdits(node: ESTree.Node, text: string): readonly Edit[] {
  const whole = (replacement: string): Edit => ({ start: node.start, end: node.end, text: replacement });
  const source = ({ start, end }: ESTree.Span) => text.slice(start, end);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression': {
      const { operator, left, right } = node;
      if (operator === '+' && (isText(left) || isText(right))) return [];
      const others = (operators[operator] ?? []).map((other) => ({
        ...whole(`${source(left)} ${other} ${source(right)}`),
        code: `(${source(left)}) ${other} (${source(right)})`,
      }));
      return comparisons.test(operator) ? [...others, whole('true'), whole('false')] : others;
    }
    case 'UnaryExpression':
      return ['!', '-', '~'].includes(node.operator) ? [whole(source(node.argument))] : [];
    case 'UpdateExpression':
      return [whole(`${source(node.argument)}${node.operator === '++' ? '--' : '++'}`)];
    case 'Literal':
      return literalEdits(source(node)).map(whole);
    case 'TemplateLiteral':
      return node.quasis.some(({ value }) => value.raw !== '') ? [whole('``')] : [];
    case 'ArrayExpression':
      return [whole(node.elements.length === 0 ? "['mutant']" : '[]')];
    case 'ObjectExpression':
      return node.properties.length === 0 ? [] : [whole('{}')];
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement' ? [] : [whole('() => undefined')];
    case 'CallExpression':
      return methodEdits(node, text);
    default:
      return [];
  }
}

function isText(node: ESTree.Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

function literalEdits(source: string): readonly string[] {
  if (source === 'true') return ['false'];
  if (source === 'false') return ['true'];
  if (source === 'null') return [];
  if (/^['"]/.test(source)) return [source.length === 2 ? "'mutant'" : "''"];
  if (source.endsWith('n')) return [`${source.slice(0, -1)}1n`];
  if (/^[\d.]/.test(source)) return [String(Number(source.replaceAll('_', '')) + 1)];
  return regexEdits(source);
}

/** Without an anchor, a quantifier or a flag, and with the opposite of a class. */
function regexEdits(source: string): readonly string[] {
  const end = source.lastIndexOf('/');
  const body = source.slice(1, end);
  const flags = source.slice(end + 1);
  const found = new Set<string>();
  let isInClass = false;
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index] ?? '';
    const without = (length: number, replacement = '') =>
      body.slice(0, index) + replacement + body.slice(index + length);
    if (character === '\\') {
      const next = body[index + 1] ?? '';
      if (/[dDwWsSbB]/.test(next)) {
        const opposite = next === next.toLowerCase() ? next.toUpperCase() : next.toLowerCase();
        found.add(without(2, `\\${opposite}`));
      }
      index += 1;
    } else if (isInClass) isInClass = character !== ']';
    else if (character === '[') {
      isInClass = true;
      found.add(body[index + 1] === '^' ? without(2, '[') : without(1, '[^'));
    } else if (character === '^' || character === '$') found.add(without(1));
    else if (character === '+' || character === '*') {
      found.add(without(1, character === '+' ? '*' : '+'));
      found.add(without(1));
    } else if (character === '?' && body[index - 1] !== '(') found.add(without(1));
    else if (/^\{\d+(,\d*)?\}/.test(body.slice(index)))
      found.add(without(body.indexOf('}', index) + 1 - index));
  }
  const edits = [...found].map((changed) => `/${changed}/${flags}`);
  if (flags.includes('i')) edits.push(`/${body}/${flags.replace('i', '')}`);
  return edits.filter(isValid);
}

function isValid(source: string): boolean {
  const end = source.lastIndexOf('/');
  try {
    return new RegExp(source.slice(1, end), source.slice(end + 1)) instanceof RegExp;
  } catch {
    return false;
  }
}

function methodEdits(call: ESTree.CallExpression, text: string): readonly Edit[] {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || callee.computed) return [];
  const { object, property } = callee;
  const name = text.slice(property.start, property.end);
  const other = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (other === undefined) return [];
  return other === null
    ? [{ start: object.end, end: call.end, text: '' }]
    : [{ start: property.start, end: property.end, text: other }];
}
