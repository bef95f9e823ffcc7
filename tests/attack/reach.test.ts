import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownBuild } from '../e2e/own-build.ts';

/** How far the production build can reach, read off its files. */

const { port, output, freshData } = ownBuild();
const BANKS = ['aomoriken', 'ehime', 'akagi', 'senpoku', 'akita'];
const EXTENSIONS = ['chrome-mv3', 'firefox-mv3'];

/** The files of a build, by their path in it. */
function filesOf(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

const built = filesOf(output);
const code = [...built].filter(([path]) => /\.(js|html|css)$/.test(path));
const extensionCode = code.filter(([path]) => EXTENSIONS.some((folder) => path.startsWith(folder)));

/** What a pattern finds in some files, each with its file. */
const found = (pattern: RegExp, files = code) =>
  files.flatMap(([path, bytes]) =>
    [...bytes.toString('utf8').matchAll(pattern)].map(([text]) => `${path}: ${text}`),
  );

const manifest = (folder: string) => JSON.parse(built.get(`${folder}/manifest.json`)?.toString('utf8') ?? '');

describe('the manifest', () => {
  // Whoever adds to this gives the extension more reach: docs/THREATS.md has to say why.
  const COMMON = {
    manifest_version: 3,
    name: '__MSG_extensionName__',
    description: '__MSG_extensionDescription__',
    version: '0.1.0',
    default_locale: 'ja',
    icons: {
      16: 'icon/16.png',
      32: 'icon/32.png',
      48: 'icon/48.png',
      96: 'icon/96.png',
      128: 'icon/128.png',
    },
    action: { default_title: '__MSG_extensionName__', default_popup: 'popup.html' },
    content_scripts: [
      {
        matches: BANKS.map((bank) => `http://${bank}.localhost/*`),
        all_frames: false,
        js: ['content-scripts/watch.js'],
        run_at: 'document_start',
      },
    ],
    commands: { fill: { suggested_key: { default: 'Alt+Shift+W' }, description: '__MSG_commandFill__' } },
    permissions: ['alarms', 'idle', 'notifications', 'scripting', 'storage'],
    host_permissions: ['token', ...BANKS].map((host) => `http://${host}.localhost/*`),
    content_security_policy: {
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
        `connect-src http://token.localhost:${port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  };

  test('for Chromium is this and nothing more', () => {
    expect(manifest('chrome-mv3')).toEqual({
      ...COMMON,
      minimum_chrome_version: '125',
      background: { service_worker: 'background.js' },
    });
  });

  test('for Firefox is this and nothing more', () => {
    expect(manifest('firefox-mv3')).toEqual({
      ...COMMON,
      browser_specific_settings: {
        gecko: {
          id: 'token@warifu.example',
          strict_min_version: '153.0',
          data_collection_permissions: { required: ['authenticationInfo'] },
        },
      },
      background: { scripts: ['background.js'] },
    });
  });

  test.each(EXTENSIONS)('%s: reaches no host but the directory’s, and nobody reaches it', (folder) => {
    const text = JSON.stringify(manifest(folder));
    for (const pattern of ['<all_urls>', '*://', '://*', 'file:', 'ftp:', '"*"'])
      expect(text).not.toContain(pattern);
    const opened = [
      'web_accessible_resources',
      'externally_connectable',
      'optional_host_permissions',
      'optional_permissions',
      'sandbox',
      'key',
      'update_url',
    ];
    for (const key of opened) expect(manifest(folder)).not.toHaveProperty(key);
    const [script, ...more] = manifest(folder).content_scripts;
    expect(more).toEqual([]);
    // No institution of the default directory asks in frames.
    expect(script).toHaveProperty('all_frames', false);
    for (const key of ['match_about_blank', 'match_origin_as_fallback', 'world', 'css']) {
      expect(script).not.toHaveProperty(key);
    }
  });

  test.each(EXTENSIONS)('%s: its policy allows no script but its own', (folder) => {
    const policy: string = manifest(folder).content_security_policy.extension_pages;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|wasm|blob:|data:|\*|https?:\/\/(?!token\.localhost:)/);
  });
});

describe('the code', () => {
  test('is there to be searched', () => {
    expect(extensionCode.length).toBeGreaterThan(20);
    expect(found(/fetch\(/g).length).toBeGreaterThan(0);
  });

  test('makes no code of texts', () => {
    expect(
      found(/(?<![.\w$])eval\s*\(|\bimportScripts\s*\(|\bset(Timeout|Interval)\s*\(\s*["'`]|javascript:/g),
    ).toEqual([]);
    expect(found(/\bimport\s*\(\s*(?!["'`]\.{1,2}\/)[^)]*\)/g)).toEqual([]);
    expect(found(/\b(src|href)\s*=\s*["']?(https?:)?\/\//g)).toEqual([]);
  });

  // The schema library asks whether it could, and has a compiler: `platform/no-eval.ts` has it do neither, and the
  // policy above would not let it.
  // The one that reads QR codes makes an error of the kind it got.
  const LIBRARY = [
    /new \w+\.constructor\(`\$\{\w+\}: \$\{\w+\.message\}`\)/g,
    /try\{return Function\(``\),!0\}catch\{return!1\}/g,
    /compile\(\)\{let \w+=Function,/g,
  ];

  test('makes functions of texts nowhere but in a library’s compiler, which is turned off', () => {
    const constructed =
      /(?<![.\w$])(?:Async|Generator)?Function(?![\w$.])(?=\s*[(,;)])|\.constructor\(\s*["'`]/g;
    for (const [path, bytes] of code) {
      const text = LIBRARY.reduce((rest, known) => rest.replaceAll(known, ''), bytes.toString('utf8'));
      expect(text.match(constructed), path).toBeNull();
      const bare = /content-scripts|popup/.test(path);
      if (bare) expect(bytes.toString('utf8'), path).toBe(text);
    }
    expect(found(/jitless:!0/g).length).toBeGreaterThanOrEqual(EXTENSIONS.length);
  });

  test('names no address but the directory’s and those of namespaces and explanations', () => {
    const addresses = found(/\b(?:https?|wss?):\/\/\w[^\s"'`)\\<>]*/g).map((line) =>
      line.replace(/^.*?: /, ''),
    );
    const known = new Set([
      ...BANKS.map((bank) => `http://${bank}.localhost:${port + 1}`),
      `http://token.localhost:${port}`,
      'http://www.w3.org/1998/Math/MathML',
      'http://www.w3.org/1999/xhtml',
      'http://www.w3.org/2000/svg',
      'http://www.w3.org/1999/xlink',
      // In what the framework says where there is no extension around it.
      'https://github.com/wxt-dev/wxt/issues/371',
      'https://wxt.dev/guide/go-further/testing.html',
      // In what the library of the companion's worker says of a list that it cannot read.
      'https://bit.ly/wb-precache',
      // The schema library's: names of formats. None is asked for.
      'https://json-schema.org/draft/2020-12/schema',
      'http://json-schema.org/draft-07/schema#',
      'http://json-schema.org/draft-04/schema#',
    ]);
    expect([...new Set(addresses)].filter((address) => !known.has(address))).toEqual([]);
  });

  test('holds no map to its source', () => {
    expect([...built.keys()].filter((path) => path.endsWith('.map'))).toEqual([]);
    expect(found(/sourceMappingURL/g)).toEqual([]);
  });
});

describe('secrets', () => {
  /** Every value in the data folder's files that is a key, and each in the encodings it could have slipped through in. */
  function secrets(): { file: string; texts: string[] }[] {
    const files = [...filesOf(freshData)].filter(([path]) => !path.includes('/') || /key/.test(path));
    return files
      .filter(([path]) => /key/.test(path))
      .map(([file, bytes]) => {
        const text = bytes.toString('utf8').trim();
        const values = text.startsWith('{')
          ? Object.entries(JSON.parse(text)).flatMap(([name, value]) =>
              // The public half is pinned in the build on purpose.
              ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use', 'ext'].includes(name) ? [] : [String(value)],
            )
          : [text];
        return { file, texts: [...values, bytes.toString('base64'), bytes.toString('hex')] };
      });
  }

  test('are there to be looked for: the master key, the signing key, the bank’s', () => {
    expect(secrets().map(({ file }) => file)).toEqual(
      expect.arrayContaining([expect.stringContaining('master'), expect.stringContaining('signing')]),
    );
    for (const { file, texts } of secrets()) expect(texts[0]?.length, file).toBeGreaterThan(20);
  });

  test('of the data folder are in no file', () => {
    for (const { file, texts } of secrets()) {
      for (const [path, bytes] of built) {
        for (const text of texts) expect(bytes.includes(text), `${file} in ${path}`).toBe(false);
      }
    }
  });

  test('are not there by their look either', () => {
    expect(found(/BEGIN [A-Z ]*PRIVATE KEY|"d"\s*:\s*"[\w-]{40,}"|\bd:"[\w-]{40,}"/g)).toEqual([]);
    expect(found(/taro0001|login1234|kakunin1234|staff-demo|UNSAFE_TEST/g)).toEqual([]);
  });
});

describe('addons-linter', () => {
  interface Report {
    readonly errors: readonly { code: string }[];
    readonly warnings: readonly { code: string }[];
  }

  test('E3: finds no error, and to warn of only what the libraries do', () => {
    const text = execFileSync('addons-linter', [join(output, 'firefox-mv3'), '--output', 'json'], {
      encoding: 'utf8',
    });
    const { errors, warnings }: Report = JSON.parse(text);
    expect(errors).toEqual([]);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(
      new Set(['UNSAFE_VAR_ASSIGNMENT', 'DANGEROUS_EVAL']),
    );
  });
});

describe('built again', () => {
  const again = mkdtempSync(join(tmpdir(), 'warifu-again-'));
  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'build'], {
      env: { ...process.env, WARIFU_PORT: String(port), WARIFU_DATA: freshData, WARIFU_OUTPUT: again },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
  afterAll(() => rmSync(again, { recursive: true, force: true }));

  test('E1: the same source gives the same bytes', () => {
    const second = filesOf(again);
    expect([...second.keys()]).toEqual([...built.keys()]);
    const differing = [...built].filter(([path, bytes]) => second.get(path)?.equals(bytes) !== true);
    expect(differing.map(([path]) => path)).toEqual([]);
  });
});
