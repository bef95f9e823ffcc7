import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '../../core/institution/directory.ts';

export interface Asset {
  readonly type: string;
  readonly text: string;
}

/** Everything served under `/assets/`, and the addresses to link: they change with the content. */
export interface Assets {
  find(name: string): Asset | undefined;
  href(name: string): string;
}

const FILES = {
  'bank.css': 'text/css; charset=utf-8',
  'forms.css': 'text/css; charset=utf-8',
  'transfer.css': 'text/css; charset=utf-8',
  'keyboard.js': 'text/javascript; charset=utf-8',
  'follow.js': 'text/javascript; charset=utf-8',
  'print.js': 'text/javascript; charset=utf-8',
  'favicon.svg': 'image/svg+xml',
};

export function loadAssets(directory: Directory): Assets {
  const folder = join(import.meta.dirname, 'assets');
  const assets = new Map<string, Asset>(
    Object.entries(FILES).map(([name, type]) => [
      name,
      { type, text: readFileSync(join(folder, name), 'utf8') },
    ]),
  );
  assets.set('accent.css', { type: 'text/css; charset=utf-8', text: accentSheet(directory) });
  const versions = new Map([...assets].map(([name, { text }]) => [name, version(text)]));
  return {
    find: (name) => assets.get(name),
    href: (name) => `/assets/${name}?v=${versions.get(name)}`,
  };
}

/** Each institution's accent as a class: the content security policy allows no inline style. */
function accentSheet({ institutions }: Directory): string {
  return institutions.map(({ key, accent }) => `.accent-${key} { --accent: ${accent}; }`).join('\n');
}

function version(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 10);
}
