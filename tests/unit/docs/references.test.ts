import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What docs/ names has to exist: tests, files it links to, environment variables of the code. */

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs', file));

/** Tests and attacks as THREATS.md cites them: a file, then names; a name without a file belongs to the file before it. */
function citations(page: string): { file: string; name: string }[] {
  let file = '';
  return [...page.matchAll(/`(tests\/[^`]+\.ts)`|› \*([^*]+)\*/g)].flatMap(([, named, name]) => {
    if (named !== undefined) file = named;
    return name === undefined ? [] : [{ file, name }];
  });
}

describe('THREATS.md', () => {
  const cited = citations(read('docs/THREATS.md'));

  test('cites tests', () => {
    expect(cited.length).toBeGreaterThan(30);
  });

  test.each(cited)('$file has "$name"', ({ file, name }) => {
    expect(read(file)).toContain(name);
  });
});

test.each(pages)('the links and paths in %s lead somewhere', (page) => {
  const text = read(page);
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, to = '']) => join(dirname(page), to));
  const paths = [
    ...text.matchAll(/`((?:core|platform|components|host|server|bank|tests)\/[\w./-]+\.(?:ts|tsx|json))`/g),
  ];
  const notBuilt = ['tests/bench/run.ts'];
  const named = [...links, ...paths.map(([, path = '']) => path)].filter((path) => !notBuilt.includes(path));
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('ARCHITECTURE.md lists every environment variable the product reads', () => {
  const listed = read('docs/ARCHITECTURE.md');
  const folders = ['host', 'server', 'bank', 'tests'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  const files = [...folders, 'start.ts', 'wxt.config.ts', 'companion.config.ts', 'pinned-institutions.ts'];
  const variables = files.flatMap((file) =>
    [...read(file).matchAll(/\benv\.([A-Z][A-Z_]+)|\b(WARIFU_[A-Z_]+[A-Z])\b/g)].map(
      ([, a, b]) => a ?? b ?? '',
    ),
  );
  const unlisted = [...new Set(variables)].filter(
    (name) =>
      !/^(PATH$|VITEST)/.test(name) &&
      !listed.includes(name.replace(/^(WARIFU_API_KEY|WARIFU_EVENTS_URL)_.*/, '$1_<KEY>')),
  );
  expect(unlisted).toEqual([]);
});
