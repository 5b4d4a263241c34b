import { Token } from 'aws-cdk-lib';

/** An estimate for a CloudFormation reference: the length of the name is not known yet. */
const referenceCharacters = 100;

/** Names in lists, each of which fits as JSON into so many characters. */
export function chunks(names: readonly string[], mostCharacters: number): string[][] {
  const lists: string[][] = [];
  let room = 0;
  for (const name of names) {
    const characters = (Token.isUnresolved(name) ? referenceCharacters : name.length) + '"",'.length;
    if (characters > room) {
      lists.push([]);
      room = mostCharacters;
    }
    lists.at(-1)?.push(name);
    room -= characters;
  }
  return lists;
}
