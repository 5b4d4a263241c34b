import { Token } from 'aws-cdk-lib';

/** A pattern may be 2,048 characters long; the calls and the rest of it take less than half of that. */
const mostNameCharacters = 1_000;
/** A CloudFormation reference stands for a name of a length that isn't known yet. */
const referenceCharacters = 100;

/** Names in lists that each fit into a pattern. */
export function chunks(names: readonly string[]): string[][] {
  const lists: string[][] = [];
  let room = 0;
  for (const name of names) {
    const characters = (Token.isUnresolved(name) ? referenceCharacters : name.length) + '"",'.length;
    if (characters > room) {
      lists.push([]);
      room = mostNameCharacters;
    }
    lists.at(-1)?.push(name);
    room -= characters;
  }
  return lists;
}
