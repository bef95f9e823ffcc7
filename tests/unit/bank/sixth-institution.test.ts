import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { beforeAll, expect, test, vi } from 'vitest';
import { institutionSchema } from '../../../core/institution/directory.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { suffixProblem } from '../../../core/vault/suffix.ts';
import { displayName } from '../../../core/vault/token.ts';
import { loadDirectory } from '../../../host/directory.ts';
import { systemRandomBytes } from '../../../host/random.ts';
import { buildConstants } from '../../../pinned-institutions.ts';
import { DEFAULT_DIRECTORY } from '../../institutions.ts';
import { useFakeIndexedDb } from '../platform/storage/fake-database.ts';
import { activate, EMAIL, issue, logIn, type TestBank, useTestBank } from './test-bank.ts';

const DOCS = readFileSync('docs/NEW-INSTITUTION.md', 'utf8');
const [, EXAMPLE = ''] = /```json\n([\s\S]*?)```/.exec(DOCS) ?? [];

/** The default directory with one more entry, the one of the docs, with an awkward name and colour. Nothing else names it. */
const SIXTH = {
  ...institutionSchema.parse(JSON.parse(EXAMPLE)),
  name: '〆千曲髙﨑信用組合（旧「A&B」農工商業者協同・本所）',
  nameEn: 'Chikuma “A&B” Credit Union <formerly Takasaki>',
  accent: '#ffe600',
};
const PLACE = { origin: 'http://chikuma.localhost:4601', base: '' };

/** 15 characters; many fonts have two variants of two of these kanji. */
const SUFFIX = '髙﨑支店・第２（〆切分）口座用';

const folder = mkdtempSync(join(tmpdir(), 'warifu-sixth-'));
const file = join(folder, 'directory.json');
writeFileSync(file, JSON.stringify({ institutions: [...DEFAULT_DIRECTORY.institutions, SIXTH] }));
const { institutions } = loadDirectory(file, 4600);

let bank: TestBank;

useTestBank(
  (stage) => {
    ({ bank } = stage);
  },
  { institutions },
);

beforeAll(() => {
  vi.stubEnv('WARIFU_DIRECTORY', file);
  vi.stubEnv('WARIFU_DATA', folder);
});

/** What a build of the extension contains about the institution. */
async function built() {
  const { x, y } = bank.service.dependencies.signingKey.publicJwk;
  vi.stubEnv('WARIFU_SERVICE_KEY', JSON.stringify({ kty: 'EC', crv: 'P-256', x, y }));
  const constants = await buildConstants();
  const [all, faces] = [constants.__WARIFU_INSTITUTIONS__, constants.__WARIFU_FACES__].map((text = '') =>
    JSON.parse(text),
  );
  return { all, face: faces[SIXTH.key] };
}

async function customer() {
  const browser = bank.browser(PLACE);
  await logIn(browser);
  return browser;
}

test('it has pages under its name', async () => {
  const browser = await customer();
  expect(browser.seen.path).toBe('/top');
  for (const path of ['/top', '/accounts', '/transfer', '/otp', '/otp/issue', '/nothing']) {
    const { html } = await browser.open(path);
    expect(html).toContain('〆千曲髙﨑信用組合（旧「A&amp;B」農工商業者協同・本所）');
    expect(html).toMatch(/<html [^>]*class="[^"]*\blook-chikuma\b/);
    const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, asset = '']) => asset);
    for (const asset of assets) {
      expect((await bank.bank.request(`${PLACE.origin}${asset}`)).status, asset).toBe(200);
    }
  }
});

test('its mails come from its address and name it', async () => {
  const browser = await customer();
  await issue(bank, browser, EMAIL);
  const [mail] = await bank.mails(EMAIL);
  expect(mail?.from).toContain('otp@chikuma.example');
  expect(mail?.text).toContain(`いつも${SIXTH.name}をご利用いただき`);
  expect(mail?.text).toContain(`サービスID：${SIXTH.serviceId}`);
});

test('the extension’s build contains it', async () => {
  const { all, face } = await built();
  expect(all.at(-1)).toMatchObject(SIXTH);
  const { nameEn, family, accent, contact } = SIXTH;
  expect(face).toEqual({ nameEn, family, accent, contact, warnDays: DEFAULT_POLICY.warnDays });
});

test('the token enrols for it and names it, with 15 characters of 追加文言', async () => {
  const browser = await customer();
  const userId = await issue(bank, browser, EMAIL);
  const { all } = await built();
  vi.stubGlobal('__WARIFU_INSTITUTIONS__', all);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => bank.service.app.request(url, init));
  useFakeIndexedDb(new IDBFactory());
  const { createClockKeeper } = await import('../../../platform/service/clock-keeper.ts');
  const { createEnroller } = await import('../../../platform/service/enroller.ts');
  const { vault } = await import('../../../platform/storage/vault.ts');
  const enroller = createEnroller(
    Date.now,
    createClockKeeper(Date.now, systemRandomBytes),
    systemRandomBytes,
    { form: 'companion', name: 'Chrome (Android)' },
  );
  const given = { serviceId: SIXTH.serviceId, userId, activationPassword: '2468' };
  const outcome = await enroller.enrol(given, AbortSignal.timeout(10_000));
  vi.unstubAllGlobals();
  if (outcome.kind !== 'enrolled') throw new Error(outcome.reason);
  expect(suffixProblem(SUFFIX)).toBeUndefined();
  await vault.rename(outcome.token.id, SUFFIX);
  const [token] = await vault.list();
  if (token === undefined) throw new Error('no token');
  expect([...SUFFIX]).toHaveLength(15);
  expect(displayName(token)).toBe(`${SIXTH.name}（${SUFFIX}）`);
});

test('its customers put the token into use and transfer with it', async () => {
  const browser = await customer();
  const codes = await activate(bank, browser, EMAIL, SIXTH.serviceId);
  await browser.open('/otp');
  expect(browser.seen.text).toContain('サービス利用中');
  await browser.send('/logout');
  await logIn(browser);
  expect(browser.seen.screenId).toBe('BLI023');
  const entered = await browser.send('/login/otp', { otp: await codes.code() });
  expect(entered.path).toBe('/top');
  await browser.open('/transfer/new');
  const asked = await browser.send('/transfer/new', {
    from_account: 'chikuma-taro0001-0',
    way: 'own',
    own: 'chikuma-taro0001-1',
    amount: '1000',
  });
  expect(asked.text).toContain('〆千曲髙﨑信用組合');
  expect(asked.path).toMatch(/^\/transfer\/[\w-]{43}$/);
});
