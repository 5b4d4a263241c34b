import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { packageFile } from '../lambda/rules/package-file.ts';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
}

/** What is read of npm's SBOM. */
interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * The packages that dist/ contains, in CycloneDX. For npm they are development dependencies, since csrwatch is bundled, so
 * its list is restricted to those that were bundled.
 */
export function bundledSbom(): Sbom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'];
  const text = execFileSync('npm', args, { cwd: packageFile('.'), encoding: 'utf8', maxBuffer: 2 ** 26 });
  const all: Sbom = JSON.parse(text);
  const bundled = new Set(bundledPackages());
  const components = all.components.filter(({ name, version }) => bundled.has(`${name} ${version}`));
  const refs = new Set(components.map((component) => component['bom-ref']));
  const { component } = all.metadata;
  const own = { ref: component['bom-ref'], dependsOn: [...refs] };
  const inner = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  // npm takes the folder's name
  const metadata = { ...all.metadata, component: { ...component, name: 'csrwatch' } };
  return { ...all, metadata, components, dependencies: [own, ...inner] };
}

/** `NAME VERSION` of each, from the list of licenses that the build wrote. */
export function bundledPackages(): string[] {
  const text = readFileSync(packageFile('dist/third-party-licenses.txt'), 'utf8');
  return [...text.matchAll(/^(\S+ \d\S*) \(.+\)$/gm)].map(([, name = '']) => name);
}
