import { type ChildProcess, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findBrowsers } from './browsers.ts';
import { buildPlaces, isBuilt } from './build-stamp.ts';
import type { Directory } from './core/institution/directory.ts';
import { nodeFlags } from './host/capacity.ts';
import { serviceDatabases } from './host/databases.ts';
import { directoryOf, eventsUrlName, readSettings, type Settings } from './host/settings.ts';
import { hostsLine, localNames, unknownNames } from './local-names.ts';
import { COMPILED, programsFolder } from './programs.ts';

/**
 * Starts everything: the mail inbox, the token service and the banks side by side, each in its own process. The token service
 * waits until the extension and the companion are built, if their sources have changed.
 */

const READY_WITHIN_MS = 60_000;

/**
 * The built-in database's code is compiled quickly first, and well where it is used much. By default that is decided while
 * the database opens, and takes a third of the start; with this, many times later.
 */
const QUICK_START = '--wasm-tiering-budget=1000000000';

const parts: ChildProcess[] = [];
let stopping = false;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const { memoryMb, bankDatabaseUrl } = settings;
  const directory = directoryOf(settings);
  const [database] = serviceDatabases(settings, directory);
  const smtpPort = String(settings.smtpPort || (await freePort()));
  const bankEnv = { SMTP_URL: settings.smtpUrl ?? `smtp://127.0.0.1:${smtpPort}` };
  const programs = programsFolder();
  await Promise.all([
    run(programs, 'bank/main.js', nodeFlags(memoryMb, bankDatabaseUrl), bankEnv),
    run(programs, 'bank/inbox/main.js', [], { WARIFU_SMTP_PORT: smtpPort }),
    built().then(() =>
      run(programs, 'server/main.js', nodeFlags(memoryMb, database?.url), eventUrls(settings, directory)),
    ),
  ]);
  console.log(`\nはじめに開くページ  Start here:  ${settings.startOrigin}`);
  if (settings.directoryFile === undefined) console.log(demoLogins(settings));
  console.log('\nCtrl+C で終了します。  Press Ctrl+C to stop.');
  await sayUnknownNames(directory);
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) await openBrowser(settings.startOrigin);
}

/** Demo logins; there are none with your own directory. */
const demoLogins = ({ staffOrigin }: Settings) => `
デモのお客さま (ログインID / ログインパスワード / 確認用パスワード)
  taro0001 / login1234 / kakunin1234
  hanako01 / login1234 / kakunin1234
愛媛信用金庫では (契約者ID / ログインパスワード / 資金移動用パスワード)
  1234567890 / login1234 / 0918273645
  2345678901 / login1234 / 1029384756

デモの職員 (職員ID / パスワード): 金融機関ごと  ${staffOrigin}
  staff01 / staff-demo-1234  担当者 (申請)
  staff02 / staff-demo-1234  役席者 (申請、承認)
  staff03 / staff-demo-1234  監査 (閲覧のみ)`;

/** A port that is free now. The inbox and the bank must both know it before they start. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Chromium and Firefox resolve every name under `.localhost` themselves; Safari and some tools ask the system. */
async function sayUnknownNames(directory: Directory): Promise<void> {
  const unknown = await unknownNames(localNames(directory), lookup);
  if (unknown.length === 0) return;
  console.log(`
Safari などで開くときは、次の1行を /etc/hosts に加えてください。Chrome と Firefox では不要です。
This system does not know these names. For Safari, add this line to /etc/hosts; Chrome and Firefox need none:

${hostsLine(unknown)}`);
}

/** Where the token service sends events about confirmations: one address for all banks. */
function eventUrls({ firstPort }: Settings, { institutions }: Directory): NodeJS.ProcessEnv {
  const url = `http://127.0.0.1:${firstPort + 1}/events`;
  return Object.fromEntries(institutions.map(({ key }) => [eventsUrlName(key), url]));
}

/** Builds the extension for this directory and these keys, unless it is built. */
async function built(): Promise<void> {
  if (await isBuilt(buildPlaces())) return;
  console.log('拡張機能を作成しています… (building the extension, about 20 seconds)');
  const child = spawn('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error('building the extension failed');
}

/** Starts a part, waits until it prints that it is ready, and prints the same. */
async function run(
  programs: string,
  file: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const child = spawn(process.execPath, [QUICK_START, ...flags, join(programs, file)], {
    env: { WARIFU_LOG: 'warn', NODE_COMPILE_CACHE: COMPILED, ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parts.push(child);
  child.once('exit', (code) => stopAll(code ?? 1));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${file} was not ready in time`)), READY_WITHIN_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready ')) return;
      console.log(line);
      clearTimeout(late);
      resolve();
    });
  });
}

/** Opens a browser with the extension loaded, if there is a display and a Chromium. */
async function openBrowser(url: string): Promise<void> {
  const { chromium } = findBrowsers();
  if (chromium === undefined) return;
  const { default: puppeteer } = await import('puppeteer');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless: false,
    pipe: true,
    enableExtensions: ['.output/chrome-mv3'],
    defaultViewport: null,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const [page] = await browser.pages();
  await page?.goto(url);
}

/** Stops every part; each may finish what it is doing. */
function stopAll(code: number): void {
  if (stopping) return;
  stopping = true;
  for (const part of parts) part.kill('SIGTERM');
  Promise.all(
    parts.map(
      (part) => part.exitCode ?? part.signalCode ?? new Promise((resolve) => part.once('exit', resolve)),
    ),
  ).then(() => process.exit(code));
}

process.once('SIGINT', () => stopAll(0));
process.once('SIGTERM', () => stopAll(0));

main().catch((error: Error) => {
  console.error(`warifu: ${error.message}`);
  stopAll(1);
});
