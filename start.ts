import { type ChildProcess, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { createInterface } from 'node:readline';
import { environmentName } from './core/institution/environment.ts';
import { FIRST_PORT } from './core/institution/ports.ts';
import { nodeFlags } from './host/capacity.ts';
import { hostsLine, localNames, unknownNames } from './local-names.ts';
import { loadDirectory } from './server/directory.ts';
import { findBrowsers } from './tests/e2e/browsers.ts';

/** Starts everything: builds the extension, then mail inbox, token service and banks, each a process of its own. */

const port = Number(process.env.WARIFU_PORT ?? FIRST_PORT);
const READY_WITHIN_MS = 60_000;
const parts: ChildProcess[] = [];
let stopping = false;

async function main(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_533) {
    throw new Error('WARIFU_PORT must be a port number, the first of three in a row');
  }
  await build();
  const smtp = await run('bank/inbox/main.ts', {}, /^smtp (\S+)/);
  await run('server/main.ts', eventUrls(), /^ready /);
  await run('bank/main.ts', { SMTP_URL: process.env.SMTP_URL ?? smtp }, /^ready /);
  console.log(`
デモのお客さま (ログインID / ログインパスワード / 確認用パスワード)
  taro0001 / login1234 / kakunin1234
  hanako01 / login1234 / kakunin1234

Ctrl+C で終了します。  Press Ctrl+C to stop.`);
  await sayUnknownNames();
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) await openBrowser();
}

/** Chromium and Firefox find every name under `.localhost` by themselves; Safari and some tools ask the system. */
async function sayUnknownNames(): Promise<void> {
  const names = localNames(loadDirectory(process.env.WARIFU_DIRECTORY, port));
  const unknown = await unknownNames(names, lookup);
  if (unknown.length === 0) return;
  console.log(`
Safari などで開くときは、次の1行を /etc/hosts に加えてください。Chrome と Firefox では不要です。
This system does not know these names. For Safari, add this line to /etc/hosts; Chrome and Firefox need none:

${hostsLine(unknown)}`);
}

/** Where the banks hear what becomes of a transfer's confirmation: one address for all of them. */
function eventUrls(): NodeJS.ProcessEnv {
  const { institutions } = loadDirectory(process.env.WARIFU_DIRECTORY, port);
  return Object.fromEntries(
    institutions.map(({ key }) => [
      `WARIFU_EVENTS_URL_${environmentName(key)}`,
      `http://127.0.0.1:${port + 1}/events`,
    ]),
  );
}

/** Builds the extension for this directory and these keys. */
async function build(): Promise<void> {
  console.log('拡張機能を作成しています… (building the extension, about 20 seconds)');
  const child = spawn('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error('the extension could not be built');
}

/**
 * Runs a part and waits until it says that it is ready; passes on what it prints.
 * @returns what the first group of `ready` matched
 */
async function run(file: string, env: NodeJS.ProcessEnv, ready: RegExp): Promise<string | undefined> {
  const child = spawn(process.execPath, [...flagsFor(file), file], {
    env: { WARIFU_LOG: 'warn', ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parts.push(child);
  child.once('exit', (code) => stopAll(code ?? 1));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${file} was not ready in time`)), READY_WITHIN_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) console.log(line);
      const match = ready.exec(line);
      if (match) {
        clearTimeout(late);
        resolve(match[1]);
      }
    });
  });
}

const flagsFor = (file: string) =>
  nodeFlags(
    process.env,
    file.startsWith('server/') ? process.env.DATABASE_URL : process.env.BANK_DATABASE_URL,
  );

/** Opens a browser with the extension loaded, where there is a display and a Chromium. */
async function openBrowser(): Promise<void> {
  const { chromium } = findBrowsers();
  if (chromium === undefined) return;
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless: false,
    pipe: true,
    enableExtensions: ['.output/chrome-mv3'],
    defaultViewport: null,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const [page] = await browser.pages();
  await page?.goto(`http://senpoku.localhost:${port + 1}/`);
}

/** Ends every part, letting each finish what it is doing. */
function stopAll(code: number): void {
  if (stopping) return;
  stopping = true;
  for (const part of parts) part.kill('SIGTERM');
  Promise.all(
    parts.map((part) => part.exitCode ?? new Promise((resolve) => part.once('exit', resolve))),
  ).then(() => process.exit(code));
}

process.once('SIGINT', () => stopAll(0));
process.once('SIGTERM', () => stopAll(0));

main().catch((error: Error) => {
  console.error(`warifu: ${error.message}`);
  stopAll(1);
});
