import { messageOf } from './message-of.ts';

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder: name the files in it',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'the links in the path lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file could not be read, in plain words for the common codes. */
export function fileErrorReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return explanations[code] ?? messageOf(error);
}
