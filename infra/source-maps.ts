import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';

/** The part of a source map that is read. */
interface SourceMapText {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/**
 * Keeps of a folder's source maps what stack traces need: the lines of csrwatch itself, a third of the size. Sources are
 * named by their path in the repository, so that the bundle's bytes don't depend on where it was built.
 */
export function shortenSourceMaps(folder: string, repository: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.map'))) {
    const path = join(folder, name);
    const map: SourceMapText = JSON.parse(readFileSync(path, 'utf8'));
    const sources = map.sources.map((source) => relative(repository, resolve(folder, source)));
    writeFileSync(path, JSON.stringify(ownParts({ sources, mappings: map.mappings })));
  }
}

function ownParts({ sources, mappings }: SourceMapText) {
  const own = sources.filter((source) => !source.includes('node_modules/'));
  const newIndex = sources.map((source) => own.indexOf(source));
  const lines = decode(mappings).map((segments) => {
    const kept: SourceMapSegment[] = [];
    for (const segment of segments) {
      const index = segment.length === 1 ? -1 : (newIndex[segment[1]] ?? -1);
      if (index >= 0 && segment.length > 1) kept.push([segment[0], index, segment[2] ?? 0, segment[3] ?? 0]);
      // ends the own part before it
      else if (kept.at(-1)?.length !== 1) kept.push([segment[0]]);
    }
    return kept;
  });
  return { version: 3, sources: own, names: [], mappings: encode(lines) };
}
