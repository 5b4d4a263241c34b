import { StackError } from '../stack/stack-outputs.ts';

/** Where the objects of a backfill are; `prefix` may be empty. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** The objects to read. They must be watched, because the function has no permission to read others.
 * @param watched - items `bucket/prefix`, in which the prefix may be empty
 * @throws {StackError} that names the possible choices
 */
export function chosenPlace(
  watched: readonly string[],
  { bucket, prefix }: { readonly bucket?: string | undefined; readonly prefix?: string | undefined },
): Place {
  const places = watched.map(placeOf);
  const names = [...new Set(places.map((place) => place.bucket))];
  const name = bucket ?? (names.length === 1 ? names[0] : undefined);
  const inBucket = places.filter((place) => place.bucket === name);
  if (name === undefined || inBucket.length === 0) {
    throw new StackError(`--bucket ${bucket ?? 'NAME'}: expected one of ${names.join(', ')}`);
  }
  const chosen =
    prefix === undefined
      ? inBucket.length === 1 && inBucket[0]
      : inBucket.some((place) => prefix.startsWith(place.prefix)) && { bucket: name, prefix };
  if (chosen) return chosen;
  throw new StackError(
    `--prefix ${prefix ?? 'PREFIX'}: csrwatch may read only keys of ${name} that begin with ${inBucket.map((place) => place.prefix).join(' or ')}`,
  );
}

function placeOf(place: string): Place {
  const [bucket = ''] = place.split('/', 1);
  return { bucket, prefix: place.slice(bucket.length + 1) };
}
