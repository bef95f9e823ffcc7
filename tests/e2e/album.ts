import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'puppeteer';

/** Pictures of the docs: each made at a width that stays, reduced to few colours, put where the docs have it. */

const FOLDER = join(import.meta.dirname, '../../docs/images');

/** How wide a page is, in CSS pixels, and how many pixels each is drawn with. */
export interface Format {
  readonly width: number;
  readonly scale: number;
}

export const BANK: Format = { width: 760, scale: 1.25 };
export const POPUP: Format = { width: 360, scale: 2 };
export const TOKEN_PAGE: Format = { width: 400, scale: 2 };
export const PHONE: Format = { width: 390, scale: 2 };

/** The part of a page that a picture shows. */
export interface Cut {
  /** From this element down, instead of from the top. */
  readonly from?: string;
  /** As far as this element, instead of to the end. */
  readonly to?: string;
}

/** What the bank asks and says, without what stands around it on every page. */
export const MAIN: Cut = { from: 'main', to: 'main' };

/** @returns a PNG, in all its colours */
export async function take(page: Page, { width, scale }: Format, { from, to }: Cut = {}): Promise<Buffer> {
  await page.setViewport({ width, height: 300, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  const { top, bottom } = await page.evaluate(
    (first, last) => {
      const boxOf = (selector = 'html') => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        if (box === undefined) throw new Error(`no ${selector}`);
        return box;
      };
      const end = document.body.getBoundingClientRect().bottom;
      return {
        // without the edge of what stands above
        top: first ? Math.ceil(boxOf(first).top + scrollY) + 1 : 0,
        bottom: Math.floor((last ? boxOf(last).bottom : end) + scrollY),
      };
    },
    from,
    to,
  );
  const clip = { x: 0, y: top, width, height: bottom - top };
  return Buffer.from(await page.screenshot({ clip, captureBeyondViewport: true }));
}

/** Draws pictures side by side. @param page one to draw on */
export async function beside(page: Page, pictures: readonly Buffer[], style = 'gap: 48px'): Promise<Buffer> {
  await page.setViewport({ width: 3000, height: 300 });
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one.toString('base64')}">`);
  await page.setContent(`<style>body { margin: 0; background: none }
    div { display: flex; width: max-content; align-items: flex-start; ${style} }</style><div>${images.join('')}</div>`);
  const row = await page.waitForSelector('div');
  if (row === null) throw new Error('nothing was drawn');
  return Buffer.from(await row.screenshot({ omitBackground: true }));
}

/** The same as windows on a desk. */
export const onDesk: typeof beside = (page, pictures) => beside(page, pictures, DESK);

const DESK = `gap: 40px; padding: 40px; align-items: center; background: #e7e4dc }
  img { border-radius: 12px; box-shadow: 0 12px 32px #0006`;

/** Reduces a picture and puts it where the docs have it. @param name such as `transfers/login` */
export function put(name: string, picture: Buffer): void {
  const file = join(FOLDER, `${name}.png`);
  mkdirSync(dirname(file), { recursive: true });
  execFileSync('pngquant', ['--speed', '1', '--strip', '--force', '--output', file, '48', '-'], {
    input: picture,
  });
  console.log(name);
}
