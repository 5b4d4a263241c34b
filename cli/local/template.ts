/** The part of a CloudFormation template that the local run reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The local resource of a logical id: the values of `Ref` and `Fn::GetAtt`. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Values {
  readonly region: string;
  readonly account: string;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, Physical>;
}

/** The resources of a type, with their logical ids. */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/**
 * Evaluates the intrinsic functions in a value of the template, as CloudFormation would.
 * @throws Error that names a function or resource without a local counterpart
 */
export function resolve(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) {
    return resolveFunction(name, argument, values);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, values)]));
}

function resolveFunction(name: string, argument: unknown, values: Values): unknown {
  switch (name) {
    case 'Ref':
      return reference(String(argument), values);
    case 'Fn::GetAtt': {
      const [id, attribute] = argument as [string, string];
      const found = values.resources.get(id)?.attributes[attribute];
      if (found === undefined) throw new Error(`${id}.${attribute} has no local counterpart`);
      return found;
    }
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => resolve(part, values)).join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text, values)).split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = argument as [string, unknown];
      return (resolve(list, values) as unknown[])[Number(index)];
    }
    default:
      throw new Error(`${name} has no local counterpart`);
  }
}

function reference(id: string, values: Values): string {
  switch (id) {
    case 'AWS::Region':
      return values.region;
    case 'AWS::AccountId':
      return values.account;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return 'csrwatch';
    default: {
      const found = values.resources.get(id)?.ref;
      if (found === undefined) throw new Error(`${id} has no local counterpart`);
      return found;
    }
  }
}
