/**
 * Whether an EventBridge pattern matches an event: exact values, `prefix` and `suffix`. An array of the event matches
 * where one of its items does; fields of objects in an array have to match within the same object, as in EventBridge.
 * @throws Error for what a pattern says and this doesn't know
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((item) => matchesPattern(pattern, item));
  if (Array.isArray(pattern)) return pattern.some((item) => matchesValue(item, event));
  if (!isObject(pattern)) throw new Error(`no pattern: ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([name, inner]) => {
    if (name.startsWith('$')) throw new Error(`${name} is not known here`);
    return isObject(event) && name in event && matchesPattern(inner, event[name]);
  });
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

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return wanted === value;
  const [[operator, operand] = ['nothing'], ...more] = Object.entries(wanted);
  if (more.length > 0 || typeof operand !== 'string')
    throw new Error(`no matcher: ${JSON.stringify(wanted)}`);
  if (operator === 'prefix') return typeof value === 'string' && value.startsWith(operand);
  if (operator === 'suffix') return typeof value === 'string' && value.endsWith(operand);
  throw new Error(`${operator} is not known here`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
