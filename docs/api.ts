import { declarations } from '../packaging/declarations.ts';

/**
 * docs/api.md: the declarations that the package ships, one section for each name that an app can import. Private members
 * are omitted.
 */
export async function apiPage(): Promise<string> {
  const text = withLists(await declarations());
  const exported = [
    ...text.matchAll(/^(?:export )?(?:declare )?(class|function|interface|type) (\w+)/gm),
  ].map(({ index, 2: name = '' }) => ({ name, code: statementAt(text, index) }));
  const sections = exported.map(({ name, code }) => `## \`${name}\`\n\n\`\`\`ts\n${code}\n\`\`\`\n`);
  return `# API\n\n${introduction}\n${sections.join('\n')}`;
}

const introduction = `Written by \`npm run docs\` from the declarations of the package. What an app can import from \`csrwatch\`, and nothing
else, stays compatible between minor versions. [examples/cdk-app](../examples/cdk-app/platform-stack.ts) uses most of it.
`;

/** `(typeof severities)[number]` as the values of the list. */
function withLists(text: string): string {
  return text.replace(/\(typeof (\w+)\)\[number\]/g, (all, list) => {
    const values = new RegExp(`const ${list}: readonly \\[(.*)\\];`).exec(text)?.[1];
    return values?.replaceAll(', ', ' | ') ?? all;
  });
}

/** A declaration with the comment before it, up to the line that ends it, without private members. */
function statementAt(text: string, index: number): string {
  const before = text.slice(0, index);
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(before)?.[0] ?? '';
  const rest = text.slice(index);
  const [line = ''] = rest.split('\n', 1);
  const statement = line.endsWith('{') ? rest.slice(0, rest.indexOf('\n}') + 2) : line;
  return `${comment}${statement.replace(/(?: {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)? {2}private [^\n]*\n/g, '')}`;
}
