/** A small reader of CloudWatch Logs' JSON filter patterns: selectors, `=` with globs, `&&` before `||`. */
export function deliveredBy(pattern: string, event: unknown): boolean {
  if (pattern === '') return true;
  const tokens = pattern.match(/\$[^\s=]+|"[^"]*"|&&|\|\||[(){}=]/g) ?? [];
  let at = 0;
  const take = (token: string) => tokens[at] === token && ++at > 0;
  const condition = (): boolean => {
    if (take('(')) {
      const value = or();
      if (!take(')')) throw new Error(`no ")" in ${pattern}`);
      return value;
    }
    const selector = tokens[at++] ?? '';
    if (!selector.startsWith('$') || !take('=')) throw new Error(`no condition at ${selector} in ${pattern}`);
    const glob = (tokens[at++] ?? '').slice(1, -1).split('*');
    const value = select(selector, event);
    const wanted = glob.map((part) => part.replace(/[^\w]/g, '\\$&')).join('[^]*');
    return (
      (typeof value === 'string' || typeof value === 'boolean') &&
      new RegExp(`^${wanted}$`).test(String(value))
    );
  };
  const and = (): boolean => {
    let value = condition();
    while (take('&&')) value = condition() && value;
    return value;
  };
  const or = (): boolean => {
    let value = and();
    while (take('||')) value = and() || value;
    return value;
  };
  if (!take('{')) throw new Error(`no "{" in ${pattern}`);
  const value = or();
  if (!take('}') || at !== tokens.length) throw new Error(`more than a condition in ${pattern}`);
  return value;
}

/** `$.a.b` and `$.['a.b']`; a selector that reaches an array finds nothing. */
function select(selector: string, event: unknown): unknown {
  const keys = [...selector.matchAll(/\.\['([^']+)'\]|\.(\w+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  return keys.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? undefined : (Object(value) as Record<string, unknown>)[key]),
    event,
  );
}
