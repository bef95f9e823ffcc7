import { build } from 'vite';
import { pageScreens } from '../../core/autofill/page-screens.ts';

/** A module as one script, its exports on the global `reader`. */
export function bundled(module: string): Promise<string> {
  const known = scripts.get(module) ?? bundle(module);
  scripts.set(module, known);
  return known;
}

const scripts = new Map<string, Promise<string>>();

async function bundle(module: string): Promise<string> {
  const entry = new URL(module, import.meta.url).pathname;
  const { rules, words } = pageScreens([{ family: 'ANSER' }]);
  const outputs = await build({
    configFile: false,
    logLevel: 'silent',
    define: { __WARIFU_SCREENS__: JSON.stringify(rules), __WARIFU_WORDS__: JSON.stringify(words) },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'reader' } },
  });
  const [first] = [outputs].flat();
  if (first === undefined || !('output' in first)) throw new Error('nothing was built');
  return `${first.output[0].code}; globalThis.reader = reader;`;
}
