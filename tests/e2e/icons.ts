import { readFileSync, writeFileSync } from 'node:fs';
import puppeteer from 'puppeteer';
import { CHROMIUM_ARGS, findBrowsers } from '../../browsers.ts';

/** `node tests/e2e/icons.ts` draws the icons of the installed companion from `public/icon.svg`. Look at them before they are committed. */

const FOLDER = 'entrypoints/token/public/installed';
const PAPER = '#f7f5f0';

interface Drawing {
  readonly file: string;
  readonly size: number;
  /** How much of the square the mark takes. What a device may cut off a maskable icon lies outside the middle 80 %. */
  readonly part: number;
  readonly ground: string;
}

const DRAWINGS: readonly Drawing[] = [
  { file: 'icon-192.png', size: 192, part: 0.94, ground: 'transparent' },
  { file: 'icon-512.png', size: 512, part: 0.94, ground: 'transparent' },
  { file: 'maskable-192.png', size: 192, part: 0.54, ground: PAPER },
  { file: 'maskable-512.png', size: 512, part: 0.54, ground: PAPER },
  { file: 'apple-180.png', size: 180, part: 0.62, ground: PAPER },
];

const { chromium } = findBrowsers();
if (chromium === undefined) throw new Error('Chromium is needed');
const browser = await puppeteer.launch({ executablePath: chromium, args: [...CHROMIUM_ARGS] });
const page = await browser.newPage();
const mark = readFileSync('public/icon.svg').toString('base64');
for (const { file, size, part, ground } of DRAWINGS) {
  await page.setViewport({ width: size, height: size });
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${ground}">
      <img style="width:${part * 100}%" src="data:image/svg+xml;base64,${mark}">`,
    { waitUntil: 'load' },
  );
  writeFileSync(`${FOLDER}/${file}`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
