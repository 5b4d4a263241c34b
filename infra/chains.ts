import type { IConstruct } from 'constructs';

/**
 * CloudFormation creates independent resources in parallel, and CloudWatch Logs refuses some 70 filters at once with "Rate
 * exceeded" (https://github.com/aws/aws-cdk/issues/34679).
 */
const concurrent = 5;

/** Lets CloudFormation create only a few of the filters at a time: each waits for the one five places before it. */
export function inChains<T extends IConstruct>(filters: readonly T[]): readonly T[] {
  for (const [index, filter] of filters.entries()) {
    const before = filters[index - concurrent];
    if (before) filter.node.addDependency(before);
  }
  return filters;
}
