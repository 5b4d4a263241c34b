import { type ESTree, parseSync } from 'rolldown/utils';
import { type Edit, expressionEdits } from './edits.ts';

/** One change of one file. */
export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  /** What the edit replaces, and by what. */
  readonly from: string;
  readonly to: string;
}

/** For a report. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 100)} … ${line.slice(-25)}` : line || 'nothing';
}

/** Code that is evaluated instead of the code between two offsets while a mutant is active. */
interface Choice {
  readonly kind: 'choice';
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Code that is not executed while a mutant is active. */
interface Removal {
  readonly kind: 'removal';
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

type Site = Choice | Removal;

export interface InstrumentedFile {
  readonly mutants: readonly Mutant[];
  /** The file with all its mutants; each is active if `globalThis.mutation.is(id)` is true. */
  readonly text: string;
}

const head = 'const $mutation = globalThis.mutation; $mutation.isLoading = true; ';

/** Lists the mutants of a file. Their ids begin with the given one. */
export function instrument(file: string, text: string, firstId: number): InstrumentedFile {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const mutants: Mutant[] = [];
  const sites: Site[] = [];
  const add = (edit: Edit): number => {
    const id = firstId + mutants.length;
    const line = text.slice(0, edit.start).split('\n').length;
    mutants.push({ id, file, line, from: text.slice(edit.start, edit.end), to: edit.text });
    return id;
  };
  const choose = (host: ESTree.Span, edit: Edit) => {
    const changed =
      text.slice(host.start, edit.start) + (edit.code ?? edit.text) + text.slice(edit.end, host.end);
    sites.push({ kind: 'choice', id: add(edit), start: host.start, end: host.end, text: changed });
  };
  const remove = (start: number, end: number) => {
    if (text.slice(start, end).trim() === '') return;
    sites.push({ kind: 'removal', id: add({ start, end, text: '' }), start, end });
  };

  /** @param chain - the optional chain that the node is a link of: it is replaced as a whole */
  const visit = (node: ESTree.Node, chain: ESTree.ChainExpression | null) => {
    const host = chain ?? node;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ChainExpression':
        return visit(node.expression, node);
      case 'MemberExpression':
        if (node.optional) choose(host, withoutOptional(node.object.end, text));
        visit(node.object, chain);
        if (node.computed) visit(node.property, null);
        return;
      case 'CallExpression':
        if (node.optional) choose(host, withoutOptional(node.callee.end, text));
        for (const edit of expressionEdits(node, text)) choose(host, edit);
        visit(node.callee, chain);
        for (const argument of node.arguments) visit(argument, null);
        return;
      case 'BlockStatement':
        remove(node.start + 1, node.end - 1);
        break;
      case 'ExpressionStatement':
        if (node.expression.type === 'CallExpression' || node.expression.type === 'AwaitExpression')
          if (!text.startsWith('super(', node.start)) remove(node.start, node.end);
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (expressionEdits(node.test, text).every(({ text: to }) => to !== 'true')) {
          choose(node.test, { ...spanOf(node.test), text: 'true' });
          choose(node.test, { ...spanOf(node.test), text: 'false' });
        }
        break;
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (node.computed) visit(node.key, null);
        if (node.value) visit(node.value, null);
        return;
      case 'LogicalExpression':
        if (node.operator === '??' && isFallbackForTheCompiler(node)) return visit(node.left, null);
        break;
      case 'TaggedTemplateExpression':
        for (const expression of node.quasi.expressions) visit(expression, null);
        return;
      default:
        if (node.type.startsWith('TS') && !('expression' in node)) return;
    }
    for (const edit of expressionEdits(node, text)) choose(host, edit);
    for (const child of childrenOf(node)) visit(child, null);
  };
  for (const statement of program.body) visit(statement, null);
  return { mutants, text: `${head}${withSites(text, sites)}\n$mutation.isLoading = false;` };
}

const spanOf = ({ start, end }: ESTree.Span) => ({ start, end });

/** `list[0] ?? ''`: the compiler asks for the right side, even where an element is certain to exist. */
function isFallbackForTheCompiler({ left, right }: ESTree.LogicalExpression): boolean {
  const isElement = left.type === 'MemberExpression' && left.computed;
  return isElement && (right.type === 'Literal' || right.type === 'ArrayExpression');
}

/** `?.name` becomes `.name`, `?.[0]` becomes `[0]`, and `?.()` becomes `()`. */
function withoutOptional(from: number, text: string): Edit {
  const start = text.indexOf('?.', from);
  const isName = !['[', '('].includes(text[start + 2] ?? '');
  return { start, end: start + 2, text: isName ? '.' : '' };
}

function childrenOf(node: ESTree.Node): ESTree.Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Sites are nested or apart, so each is written around what is inside it. */
function withSites(text: string, sites: readonly Site[]): string {
  const before = new Map<number, string[]>();
  const after = new Map<number, string[]>();
  const put = (map: Map<number, string[]>, at: number, part: string) => {
    const parts = map.get(at) ?? [];
    map.set(at, parts);
    parts.push(part);
  };
  // the outer of two sites that begin together comes first, the inner of two that end together too
  const outerFirst = sites.toSorted((a, b) => a.start - b.start || b.end - a.end);
  for (const site of outerFirst) {
    const isOn = `$mutation.is(${site.id})`;
    put(before, site.start, site.kind === 'choice' ? `(${isOn} ? (${site.text}) : ` : `{ if (!${isOn}) { `);
  }
  for (const site of outerFirst.toReversed()) put(after, site.end, site.kind === 'choice' ? ')' : ' } }');
  const offsets = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  let out = '';
  let last = 0;
  for (const offset of offsets) {
    out +=
      text.slice(last, offset) + (after.get(offset) ?? []).join('') + (before.get(offset) ?? []).join('');
    last = offset;
  }
  return out + text.slice(last);
}
