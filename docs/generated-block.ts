/**
 * The page with new content between `<!-- NAME: … -->` and `<!-- /NAME -->`.
 * @throws if the page has no such block
 */
export function withBlock(page: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name}: [^>]*-->\n).*?(<!-- /${name} -->)`, 's');
  if (!block.test(page)) throw new Error(`the page has no block <!-- ${name}: … --> … <!-- /${name} -->`);
  return page.replace(block, (_, start, end) => `${start}${content}${end}`);
}

/** A Markdown table. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
