import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/**
 * Makes stack traces name lines of the TypeScript source. The bundle begins with this module. Unlike Node's
 * --enable-source-maps, which reads the map of each module that is loaded, this reads a map when a stack is first shown,
 * so a cold start costs the same as without maps.
 */
Error.prepareStackTrace = (error, frames) =>
  [headline(error), ...frames.map((frame) => `    at ${inSource(String(frame))}`)].join('\n');

/** V8's own first line, even of an error that cannot be shown. */
function headline(error: unknown): string {
  try {
    return String(error);
  } catch {
    return '<error>';
  }
}

const place = /file:[^()]*\/([\w.-]+\.mjs):(\d+):(\d+)/;

/** A frame with its place in the source; unchanged if that is unknown, as inside the AWS SDK. */
function inSource(frame: string): string {
  return frame.replace(place, (whole, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry) || !entry.originalSource) return whole;
    return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

/** A missing map must not hide the error. */
function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(`./${file}.map`, import.meta.url), 'utf8')));
  } catch {
    return undefined;
  }
}
