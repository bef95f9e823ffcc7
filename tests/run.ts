import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { findBrowsers } from '../browsers.ts';
import { oathtool, pskctool } from './oath-tools.ts';
import { postgresTools } from './postgres-tools.ts';
import { python } from './python.ts';

/** `npm test`: installs what the machine lacks, if it may, and runs every check in order, with its title. */

const PACKAGES = [
  'chromium',
  'firefox-esr',
  'fonts-noto-cjk',
  'oathtool',
  'pskctool',
  'postgresql',
  'nginx-light',
  'pgbouncer',
  'openssl',
  'systemd',
  'python3-cryptography',
];

function step(title: string, command: string, ...args: string[]): void {
  console.log(`\n▶ ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`✗ ${title}`);
    process.exit(status ?? 1);
  }
}

interface Check {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Steps that do not need each other, at once: what each prints is shown when it has ended, in this order. */
async function steps(checks: readonly Check[]): Promise<void> {
  const running = checks.map(({ title, command, args }) => ({ title, ended: output(command, args) }));
  for (const { title, ended } of running) {
    console.log(`\n▶ ${title}`);
    const { status, printed } = await ended;
    process.stdout.write(printed);
    if (status === 0) continue;
    console.error(`✗ ${title}`);
    process.exit(status);
  }
}

async function output(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => printed.push(part));
  const [code] = await once(child, 'close');
  return { status: (code ?? 1) as number, printed: Buffer.concat(printed) };
}

/** What the tests need and the system does not have. */
function missing(): string[] {
  const { chromium, firefox } = findBrowsers();
  const fonts = spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' });
  return [
    ...(chromium === undefined ? ['chromium'] : []),
    ...(firefox === undefined ? ['firefox-esr'] : []),
    ...(fonts.stdout?.trim() ? [] : ['fonts-noto-cjk']),
    ...(isThere(oathtool) ? [] : ['oathtool']),
    ...(isThere(postgresTools) ? [] : ['postgresql']),
    ...(isThere(pskctool) ? [] : ['pskctool']),
    ...(runs('nginx', '-v') ? [] : ['nginx-light']),
    ...(runs('pgbouncer', '--version') ? [] : ['pgbouncer']),
    ...(runs('openssl', 'version') ? [] : ['openssl']),
    ...(runs('systemd-analyze', '--version') ? [] : ['systemd']),
    ...(isThere(python) ? [] : ['python3-cryptography']),
  ];
}

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

function isThere(tool: () => string): boolean {
  try {
    return tool() !== '';
  } catch {
    return false;
  }
}

/** Browsers from Puppeteer, for a system that has none and where packages cannot be installed. */
const DOWNLOADS: Readonly<Record<string, string>> = {
  chromium: 'chrome@stable',
  'firefox-esr': 'firefox@stable',
};

/** @returns what is still missing */
async function offerDownload(lacking: readonly string[]): Promise<readonly string[]> {
  const browsers = lacking.flatMap((name) => DOWNLOADS[name] ?? []);
  if (browsers.length === 0 || !process.stdin.isTTY) return lacking;
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const said = await ask.question(
    `No ${browsers.join(' and no ')} found. Download them (about 300 MB)? [y/N] `,
  );
  ask.close();
  if (!/^y/i.test(said)) return lacking;
  for (const browser of browsers) step(`Downloading ${browser}`, 'puppeteer', 'browsers', 'install', browser);
  return missing();
}

async function prepare(): Promise<void> {
  let lacking: readonly string[] = missing();
  if (lacking.length === 0) return;
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) lacking = await offerDownload(lacking);
  if (lacking.length === 0) return;
  if (!mayInstall) {
    console.error(`The tests need: ${lacking.join(', ')}.
On Debian or Ubuntu:   sudo apt-get install ${PACKAGES.join(' ')}
Elsewhere, install Chromium (or Chrome), Firefox, a Japanese font, oathtool, pskctool, PostgreSQL, nginx, PgBouncer, openssl, systemd-analyze and a Python with cryptography, and name the browsers with
CHROMIUM_PATH and FIREFOX_PATH where they are not on the PATH; or, for the browsers alone:
                       npx puppeteer browsers install chrome@stable && npx puppeteer browsers install firefox@stable`);
    process.exit(1);
  }
  step(`Installing ${lacking.join(', ')} (a few minutes)`, 'apt-get', 'update', '-q');
  step('Installing', 'apt-get', 'install', '-y', '-q', '--no-install-recommends', ...lacking);
}

/** Known weaknesses of the packages that the product is made of. Where the registry does not answer, nothing can be said. */
function audit(): void {
  console.log('\n▶ Known weaknesses of packages');
  const { stdout } = spawnSync(
    'npm',
    ['audit', '--omit=dev', '--audit-level=high', '--json', '--fetch-retries=0'],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  const found = countsIn(stdout);
  if (found === undefined) {
    console.log('The registry does not answer; not checked.');
    return;
  }
  if (found.high + found.critical === 0) return;
  console.error(`✗ ${found.high + found.critical} known: npm audit --omit=dev`);
  process.exit(1);
}

/** @returns undefined where the answer is none */
function countsIn(report: string | null): { readonly high: number; readonly critical: number } | undefined {
  try {
    return JSON.parse(report ?? '').metadata?.vulnerabilities;
  } catch {
    return undefined;
  }
}

await prepare();
audit();
await steps([
  { title: 'Types', command: 'tsc', args: ['-b'] },
  { title: 'Format and lint', command: 'biome', args: ['check', '--error-on-warnings'] },
  {
    title: 'Extension and companion, production build',
    command: 'npm',
    args: ['run', '--silent', 'build'],
  },
]);
step('Unit tests, browser stories and attacks', 'vitest', 'run', ...process.argv.slice(2));
