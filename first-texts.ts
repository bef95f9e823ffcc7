import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import en from './public/_locales/en/messages.json' with { type: 'json' };
import ja from './public/_locales/ja/messages.json' with { type: 'json' };

/** Loaded after the first code, with all texts. */
const LATER = ['token-later.tsx', 'platform/'];

const ROOT = import.meta.dirname;
const SHELL = 'platform/shells/web.ts';

/** The texts that the companion may draw before it has loaded all of them, by language. */
export function firstTexts(): Record<'ja' | 'en', Record<string, string>> {
  const sources = [...firstFiles()].map((file) => readFileSync(file, 'utf8'));
  const named = new Set(sources.flatMap((source) => source.match(/(?<=')\w+(?=')/g) ?? []));
  const only = (messages: Readonly<Record<string, { message: string }>>) =>
    Object.fromEntries(
      Object.entries(messages).flatMap(([key, { message }]) => (named.has(key) ? [[key, message]] : [])),
    );
  return { ja: only(ja), en: only(en) };
}

/** `from` or `import(`, and the file; types are no part of what runs. */
const IMPORTS = /(?<!^import type [^;]*)\b(from|import)\s*\(?'(\.[^']+\.tsx?|#shell)'/gm;

/** What the page imports, and the parts of the first screen that are loaded when they are needed. */
function firstFiles(): Set<string> {
  const files = new Set([resolve(ROOT, 'entrypoints/token/main.tsx')]);
  // a set also gives what is added to it on the way
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, how = '', path = ''] of source.matchAll(IMPORTS)) {
      const found = path === '#shell' ? resolve(ROOT, SHELL) : resolve(dirname(file), path);
      if (how === 'from' || !LATER.some((part) => found.includes(part))) files.add(found);
    }
  }
  return files;
}
