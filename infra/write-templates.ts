import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from './bundle.ts';
import { findConfigFile } from './config/find-config-file.ts';
import { type Deployment, readConfig } from './config.ts';
import { detectorTemplate, type PlainTemplate, sourceAccountTemplate } from './plain-template.ts';
import { type DeployedRules, deployedRules } from './rules.ts';
import { zipped } from './zipped.ts';

/** What was written into the folder. */
export interface Written {
  readonly files: readonly string[];
  /** Of the detector's template. */
  readonly parameters: readonly string[];
  readonly warnings: readonly string[];
}

/** CloudFormation takes a longer template only from a bucket. */
const inlineBytes = 51_200;

/**
 * Writes the templates of a configuration, and the code of the functions.
 * @param context - as with `cdk -c`. Without it and without a configuration file, what differs between users is a parameter
 * @throws {ConfigError} on a mistake in the configuration
 */
export async function writeTemplates(
  context: Readonly<Record<string, string>>,
  folder: string,
): Promise<Written> {
  const isGiven = Object.keys(context).length > 0 || findConfigFile(process.cwd(), []) !== undefined;
  return write(isGiven ? await readConfig(context) : undefined, folder);
}

/** @param deployment - without it, what differs between users is a parameter */
export function write(deployment: Deployment | undefined, folder: string): Written {
  mkdirSync(folder, { recursive: true });
  if (deployment?.kind === 'source-account') {
    const { warnings } = writeTemplate(folder, sourceFile, sourceAccountTemplate(deployment.config));
    return { files: [sourceFile], parameters: [], warnings };
  }
  const { config, stackName } = deployment ?? {};
  const detector = writeTemplate(folder, 'template.json', detectorTemplate(config, stackName));
  writeFileSync(join(folder, 'csrwatch.zip'), codeOf(deployedRules(config)));
  const { rules = [], disabledRules = [] } = config ?? {};
  const source = writeTemplate(folder, sourceFile, sourceAccountTemplate({ rules, disabledRules }));
  return {
    files: ['template.json', 'csrwatch.zip', sourceFile],
    parameters: Object.keys(Object(detector.template['Parameters'])),
    warnings: [...new Set([...detector.warnings, ...source.warnings])],
  };
}

const sourceFile = 'source-account-template.json';

/** Indented, so that it can be read and compared, unless that makes it too long to be passed inline. */
function writeTemplate(folder: string, file: string, plain: PlainTemplate): PlainTemplate {
  const indented = JSON.stringify(plain.template, null, 1);
  const compact = JSON.stringify(plain.template);
  const isInlineOnlyIfCompact = indented.length > inlineBytes && compact.length < inlineBytes;
  writeFileSync(join(folder, file), `${isInlineOnlyIfCompact ? compact : indented}\n`);
  return plain;
}

function codeOf(rules: DeployedRules): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-template-'));
  try {
    writeBundle(folder, rules);
    return zipped(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
