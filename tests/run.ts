import { spawnSync } from 'node:child_process';
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
step('Types', 'tsc', '-b');
step('Format and lint', 'biome', 'check', '--error-on-warnings');
step('Extension and companion, production build', 'npm', 'run', '--silent', 'build');
step('Unit tests, browser stories and attacks', 'vitest', 'run', ...process.argv.slice(2));
