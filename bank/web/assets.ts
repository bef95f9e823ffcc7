import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Directory,
  everyInstitution,
  type Institution,
  lookOf,
} from '../../core/institution/directory.ts';
import { paletteOf, type Scheme } from './palette.ts';

export interface Asset {
  readonly type: string;
  readonly text: string;
}

/** Everything served under `/assets/`, and the addresses to link to; an address changes with its content. */
export interface Assets {
  find(name: string): Asset | undefined;
  href(name: string): string;
}

const CSS = 'text/css; charset=utf-8';
const SVG = 'image/svg+xml';

/** Their path, at every host. */
export const ASSETS = '/assets/';

const FILES = {
  'bank.css': CSS,
  'forms.css': CSS,
  'transfer.css': CSS,
  'styles.css': CSS,
  'start.css': CSS,
  'staff.css': CSS,
  'paper.css': CSS,
  'keyboard.js': 'text/javascript; charset=utf-8',
  'follow.js': 'text/javascript; charset=utf-8',
  'chart.js': 'text/javascript; charset=utf-8',
  'print.js': 'text/javascript; charset=utf-8',
  'passkey.js': 'text/javascript; charset=utf-8',
  'favicon.svg': SVG,
};

/** The browser's half of WebAuthn, as the package ships it. */
const SIMPLEWEBAUTHN = join(
  dirname(createRequire(import.meta.url).resolve('@simplewebauthn/browser')),
  '../dist/bundle/index.umd.min.js',
);

export function loadAssets(directory: Directory): Assets {
  const folder = join(import.meta.dirname, 'assets');
  const found = new Map<string, Asset>(
    Object.entries(FILES).map(([name, type]) => [
      name,
      { type, text: readFileSync(join(folder, name), 'utf8') },
    ]),
  );
  found.set('simplewebauthn.js', { type: FILES['passkey.js'], text: readFileSync(SIMPLEWEBAUTHN, 'utf8') });
  const made = new Map(everyInstitution(directory).flatMap(assetsOf));
  const find = (name: string): Asset | undefined => {
    const asset = found.get(name) ?? made.get(name)?.();
    if (asset !== undefined) found.set(name, asset);
    return asset;
  };
  const versions = new Map<string, string>();
  return {
    find,
    href: (name) => {
      const known = versions.get(name) ?? version(find(name)?.text ?? '');
      versions.set(name, known);
      return `${ASSETS}${name}?v=${known}`;
    },
  };
}

type Looks = Pick<Institution, 'key' | 'accent' | 'look'>;

/** An institution's sheet and icon, made when first requested: computing the colours of all would slow down the start. */
function assetsOf(institution: Looks): readonly (readonly [name: string, make: () => Asset])[] {
  return [
    [`look-${institution.key}.css`, () => ({ type: CSS, text: lookSheet(institution) })],
    [`mark-${institution.key}.svg`, () => ({ type: SVG, text: icon(institution) })],
  ];
}

/** An institution's colours under a class, because the content security policy allows no inline style. */
function lookSheet({ key, accent }: Looks): string {
  const rule = (scheme: Scheme) => {
    const colors = Object.entries(paletteOf(accent, scheme)).map(([name, color]) => `--${name}: ${color};`);
    return `.look-${key} { ${colors.join(' ')} }`;
  };
  return `${rule('light')}\n@media (prefers-color-scheme: dark) { ${rule('dark')} }\n`;
}

/** The mark on a tile, for the browser's tab. */
function icon(institution: Looks): string {
  const { solid, 'solid-ink': ink } = paletteOf(institution.accent, 'light');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${solid}"/><path fill="${ink}" fill-rule="evenodd" transform="translate(4 4) scale(.75)" d="${lookOf(institution).mark}"/></svg>`;
}

function version(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 10);
}
