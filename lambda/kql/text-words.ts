/** `.` and `:` between letters, `.` and `,` between digits join; every other character that is not a word character splits. */
const word =
  /[\p{L}\p{N}\p{M}_]+(?:(?:(?<=\p{L})[.:](?=\p{L})|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{N}\p{M}_]+)*/gu;

/** The lowercased words of a text, as a text field indexes them. */
export function words(text: string): string[] {
  return text.toLowerCase().match(word) ?? [];
}
