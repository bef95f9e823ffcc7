import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Figure, Group } from './measure.ts';

/** Most bytes, minified, as the production build makes them. */
const CONTENT_SCRIPT_LIMIT = 12_000;
const POPUP_LIMIT = 60_000;

/** What of the extension a page or the browser has to load and compile. */
export const sizes: Group = {
  name: 'sizes',
  run: async (bench) => {
    const folder = join((await bench.build()).output, 'chrome-mv3');
    const total = (scripts: Iterable<string>) =>
      [...scripts].reduce((sum, script) => sum + readFileSync(script).length, 0);
    return [
      size('content script', total([join(folder, 'content-scripts/watch.js')]), CONTENT_SCRIPT_LIMIT),
      size('reader, injected where a page has our words', total([join(folder, 'content-scripts/otp.js')])),
      size('scripts of the popup', total(scriptsOf(folder, 'popup.html', STATIC)), POPUP_LIMIT),
      size('with those it may load later', total(scriptsOf(folder, 'popup.html', ANY))),
      size('background', total([join(folder, 'background.js')])),
    ];
  },
};

function size(name: string, value: number, limit?: number): Figure {
  return {
    name,
    value,
    unit: 'bytes',
    ...(limit !== undefined && { against: { name: 'limit', value: limit }, target: { atMost: 1 } }),
  };
}

/** What a script imports to run, and whatever it may import. */
export const STATIC = /(?:from|import)\s*["'`](\.[^"'`]+)["'`]/g;
const ANY = /(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g;

/** Every script a page loads: those it names, and what they import. */
export function scriptsOf(folder: string, page: string, imports: RegExp): Set<string> {
  const html = readFileSync(join(folder, page), 'utf8');
  const scripts = new Set(
    [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = '']) => join(folder, src)),
  );
  // A set also gives what is added to it on the way.
  for (const script of scripts) {
    const text = readFileSync(script, 'utf8');
    for (const [, imported = ''] of text.matchAll(imports)) {
      scripts.add(join(dirname(script), imported));
    }
  }
  return scripts;
}
