import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run sbom`: what the product is made of, by the lockfile: `sbom.cdx.json` (CycloneDX) and `licences.txt`. Packages for
 * development are not in it. Of the same lockfile both have the same bytes. A licence that nobody looked at yet ends it with 1.
 */

/** Licences under which packages may be used and passed on in the product. */
const ACCEPTED = [
  '(MIT OR Apache-2.0)',
  '(MIT OR EUPL-1.1+)',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
];

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string }[];
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

interface Sbom {
  serialNumber?: string;
  readonly metadata: { timestamp?: string };
  components: readonly Component[];
  dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const licenceOf = ({ licenses = [] }: Component) =>
  licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '').join(' and ') ||
  'none';

const asked = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const sbom: Sbom = JSON.parse(execFileSync('npm', asked, { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 }));
// They differ each time.
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
// npm's own `--omit dev` leaves out packages of the product that one for development asks for as well.
const isForDevelopment = ({ properties = [] }: Component) =>
  properties.some(({ name }) => name === 'cdx:npm:package:development');
const left = new Set(sbom.components.filter(isForDevelopment).map((component) => component['bom-ref']));
sbom.components = sbom.components.filter((component) => !left.has(component['bom-ref']));
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => !left.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => !left.has(other)) }));

const folder = process.env.WARIFU_OUTPUT ?? '.output';
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 1)}\n`);
const lines = sbom.components.map(
  (component) => `${component.name} ${component.version}: ${licenceOf(component)}`,
);
writeFileSync(join(folder, 'licences.txt'), `${lines.join('\n')}\n`);

const unknown = sbom.components.filter((component) => !ACCEPTED.includes(licenceOf(component)));
for (const component of unknown) {
  process.stderr.write(
    `${component.name} ${component.version}: nobody has looked at its licence yet: ${licenceOf(component)}\n`,
  );
}
if (unknown.length > 0) process.exitCode = 1;
