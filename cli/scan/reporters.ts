import type { Writable } from 'node:stream';
import { findingJson } from '../../lambda/channels/json.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { renderFindings } from '../report/text.ts';
import type { ScanOptions } from './options.ts';
import { write } from './output.ts';
import type { ScanStats } from './stats.ts';

/** Where a scan writes to, and how wide and colourful it may be there. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
  readonly colour: boolean;
  readonly width: number;
}

/** One way to print a scan. `finding` is awaited, so a slow reader slows the scan. */
export interface Reporter {
  finding(finding: Finding): Promise<void>;
  end(stats: ScanStats): Promise<void>;
}

export function createReporter(format: ScanOptions['format'], terminal: Terminal): Reporter {
  switch (format) {
    case 'text':
      return textReporter(terminal);
    case 'ndjson':
      return ndjsonReporter(terminal);
    case 'json':
      return jsonReporter(terminal);
  }
}

/** Findings of one story stand together, so nothing is printed before the end. */
function textReporter({ out, colour, width }: Terminal): Reporter {
  const findings: Finding[] = [];
  return {
    async finding(finding) {
      findings.push(finding);
    },
    async end() {
      await write(out, renderFindings(findings, { colour, width }));
    },
  };
}

function ndjsonReporter({ out }: Terminal): Reporter {
  return {
    finding: (finding) => write(out, `${JSON.stringify(findingJson(finding))}\n`),
    end: async () => {},
  };
}

function jsonReporter({ out }: Terminal): Reporter {
  let separator = '';
  return {
    async finding(finding) {
      await write(out, `${separator || '{"findings":['}\n${JSON.stringify(findingJson(finding))}`);
      separator = ',';
    },
    async end(stats) {
      await write(out, `${separator ? '\n' : '{"findings":['}],\n"stats":${JSON.stringify(stats)}}\n`);
    },
  };
}
