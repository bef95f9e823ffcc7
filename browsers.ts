import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Paths of the browsers; undefined for one that is not installed. */
export interface Browsers {
  readonly chromium: string | undefined;
  readonly firefox: string | undefined;
}

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FIREFOX = ['firefox-esr', 'firefox'];

const MACOS = {
  chromium: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  firefox: '/Applications/Firefox.app/Contents/MacOS/firefox',
};

/** Arguments of Chromium: Japanese, and no requests of its own. */
export const CHROMIUM_ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--lang=ja',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Paths below Puppeteer's cache, where `puppeteer browsers install` puts browsers. */
const CACHED = {
  chromium: 'chrome/*/chrome-*/chrome',
  firefox: 'firefox/*/firefox/firefox',
};

/** Finds the system's browsers or those that Puppeteer installed; `CHROMIUM_PATH` and `FIREFOX_PATH` override both. */
export function findBrowsers(): Browsers {
  const { CHROMIUM_PATH, FIREFOX_PATH } = process.env;
  return {
    chromium: CHROMIUM_PATH ?? onPath(CHROMIUM) ?? existing(MACOS.chromium) ?? cached(CACHED.chromium),
    firefox: FIREFOX_PATH ?? onPath(FIREFOX) ?? existing(MACOS.firefox) ?? cached(CACHED.firefox),
  };
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

function cached(pattern: string): string | undefined {
  const folder = process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer');
  return globSync(join(folder, pattern)).sort().at(-1);
}

const existing = (path: string) => (existsSync(path) ? path : undefined);
