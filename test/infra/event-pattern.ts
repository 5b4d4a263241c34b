/**
 * Whether an EventBridge pattern matches an event. It knows exact values, `prefix`, `suffix`, `wildcard`, `exists`,
 * `anything-but` (values, prefix, suffix, wildcard), `equals-ignore-case` and `$or`, as described in
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * A pattern matches an array if it matches one item. Fields of objects in an array must match within one object.
 * @throws Error if the pattern is not valid, or uses an operator that is not implemented here
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw new Error(`not a pattern: ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([name, inner]) =>
    name === '$or'
      ? matchesAny(inner, event)
      : matchesField(inner, isObject(event) ? event[name] : undefined),
  );
}

function matchesAny(alternatives: unknown, event: unknown): boolean {
  if (!Array.isArray(alternatives) || alternatives.length < 2) throw new Error('$or takes several patterns');
  return alternatives.map((alternative) => matchesPattern(alternative, event)).includes(true);
}

/** @param value - undefined if the event has no such field */
function matchesField(pattern: unknown, value: unknown): boolean {
  if (!Array.isArray(pattern)) {
    return Array.isArray(value)
      ? value.some((item) => matchesPattern(pattern, item))
      : matchesPattern(pattern, value);
  }
  if (pattern.length === 0) throw new Error('a list of values is empty');
  // EventBridge compares leaves: an object and an empty array are not one
  const leaves = (Array.isArray(value) ? value : [value]).filter(
    (leaf) => leaf !== undefined && !isObject(leaf),
  );
  return pattern.some((wanted) => {
    if (isObject(wanted) && 'exists' in wanted) return wanted['exists'] === leaves.length > 0;
    return leaves.some((leaf) => matchesValue(wanted, leaf));
  });
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return wanted === value;
  const [[operator, operand] = ['nothing'], ...more] = Object.entries(wanted);
  if (more.length > 0) throw new Error(`not one operator: ${JSON.stringify(wanted)}`);
  if (operator === 'anything-but') {
    return isObject(operand)
      ? typeof value === 'string' && !matchesValue(operand, value)
      : [operand].flat().every((excluded) => excluded !== value);
  }
  if (typeof operand !== 'string') throw new Error(`not a text: ${JSON.stringify(wanted)}`);
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'prefix':
      return text?.startsWith(operand) ?? false;
    case 'suffix':
      return text?.endsWith(operand) ?? false;
    case 'equals-ignore-case':
      return text?.toLowerCase() === operand.toLowerCase();
    case 'wildcard':
      return text !== undefined && wildcard(operand).test(text);
    default:
      throw new Error(`${operator} is not implemented here`);
  }
}

function wildcard(pattern: string): RegExp {
  if (pattern.includes('**')) throw new Error(`two wildcards in a row: ${pattern}`);
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** The value with names in place of references: `physical-LogicalId`, whatever is asked of it. */
export function withNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNames);
  if (!isObject(value)) return value;
  const [[name, inner] = ['']] = Object.entries(value);
  if (name === 'Ref') return `physical-${inner}`;
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `physical-${inner[0]}`;
  if (name === 'Fn::Join' && Array.isArray(inner)) return [withNames(inner[1])].flat().join(inner[0]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNames(item)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
