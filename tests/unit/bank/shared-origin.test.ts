import { beforeEach, describe, expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { bannerOf, institutionShown } from '../../../core/autofill/banner.ts';
import { defaultInstitutions } from '../../service/test-service.ts';
import type { Browser, Seen } from './browser.ts';
import { activate, EMAIL, logIn, type TestBank, useTestBank } from './test-bank.ts';
import { enter, PASSWORD, press, transfers, withToken } from './test-transfer.ts';

const SHARED = 'http://shared.localhost:4601';
const AT_SENPOKU = { origin: SHARED, base: '/9904' };
const AT_AKITA = { origin: SHARED, base: '/9905' };

/** Two institutions with an origin each, and a third origin for both. */
const SHARING = ['senpoku', 'akita'];
const institutions = defaultInstitutions('approve').map((one) =>
  SHARING.includes(one.key) ? { ...one, pageOrigins: [...one.pageOrigins, SHARED] } : one,
);
const sharing = institutions.filter(({ key }) => SHARING.includes(key));

const MINUTE = 60_000;

let bank: TestBank;
/** Two tabs of one browser. */
let senpoku: Browser;
let akita: Browser;

useTestBank(
  (stage) => {
    ({ bank } = stage);
  },
  { institutions },
);

beforeEach(() => {
  senpoku = bank.browser(AT_SENPOKU);
  akita = senpoku.tab(AT_AKITA);
});

const shared = (path: string, init?: RequestInit) => bank.bank.request(`${SHARED}${path}`, init);

/** The addresses on a page within this site, without styles and scripts. */
const addresses = ({ html }: Seen): string[] =>
  [...html.matchAll(/ (?:href|src|action|data-follow)="([^"#]+)"/g)]
    .map(([, address = '']) => address)
    .filter((address) => !address.startsWith('/assets/') && !address.startsWith('tel:'));

/** The institution that the token recognises on a page. */
function shownBy({ html }: Seen, screen: string): string | undefined {
  const text = html.replace(/<head>[\s\S]*<\/head>/, '').replace(/<(?!\/?span)[^>]+>/g, '\n');
  return institutionShown(sharing, bannerOf(screen, text.replace(/<[^>]+>/g, '')))?.key;
}

describe('an address that names no institution', () => {
  test('lists the institutions that share the origin, with a link to each', async () => {
    const page = await (await shared('/')).text();
    const links = [...page.matchAll(/<a href="([^"]+)">([^<]+)</g)].map(([, to, name]) => [to, name]);
    expect(links).toEqual([
      ['/9904/', '仙北信用組合'],
      ['/9905/', '秋田県信用組合'],
    ]);
  });

  test('leads to the institution whose 金融機関コード it has as a parameter', async () => {
    const named = await shared('/?bank=9905');
    expect([named.status, named.headers.get('location')]).toEqual([303, '/9905/']);
    for (const path of ['/?bank=9901', '/?bank=', '/?bank=//evil.example']) {
      const unnamed = await shared(path);
      expect([unnamed.status, await unnamed.text()]).toEqual([200, expect.stringContaining('/9904/')]);
    }
  });

  test.each(['/top', '/99041/top', '/9901/', '/login?bank=9905', '//9904/'])(
    'belongs to no institution: %s',
    async (path) => {
      const response = await shared(path);
      expect([response.status, response.headers.get('set-cookie')]).toEqual([404, null]);
      expect(await response.text()).toContain('金融機関の選択');
    },
  );

  test('does not exist at the origin of a single institution', async () => {
    const response = await bank.bank.request('http://senpoku.localhost:4601/9904/');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('仙北信用組合');
  });
});

describe('the pages of one of them', () => {
  test('name the institution above the heading', async () => {
    const login = await senpoku.open('');
    expect([login.screenId, login.text]).toEqual(['BLI001', expect.stringContaining('金融機関コード：9904')]);
    await logIn(senpoku);
    await activate(bank, senpoku, EMAIL);
    await senpoku.open('/top');
    await senpoku.send('/logout');
    expect(shownBy(await logIn(senpoku), 'BLI023')).toBe('senpoku');
    const alone = await bank.browser().open('/');
    expect(alone.text).not.toContain('金融機関コード');
  });

  test('link only to pages of the same institution', async () => {
    await logIn(senpoku);
    const seen = [senpoku.seen];
    for (const path of [
      '/top',
      '/accounts',
      '/transfer',
      '/services',
      '/services/limit',
      '/otp',
      '/nothing',
    ]) {
      seen.push(await senpoku.open(path));
    }
    await withToken(bank, senpoku);
    seen.push(senpoku.seen, await enter(senpoku));
    const found = seen.flatMap(addresses);
    expect(found.filter((address) => !address.startsWith('/9904/'))).toEqual([]);
    expect(found).toContain(`/9904${senpoku.seen.path}/status?unless=waiting`);
    expect(found.length).toBeGreaterThan(50);
  });

  test('leave text that customers typed unchanged', async () => {
    await logIn(senpoku);
    await senpoku.open('/transfer/new');
    const payee = '" action="/logout';
    const { html } = await senpoku.send('/transfer/new', { way: 'new', payee });
    expect(html).toContain('value="&quot; action=&quot;/logout"');
  });

  test('return to the page where the text size was changed', async () => {
    await logIn(senpoku);
    await senpoku.open('/otp');
    expect((await senpoku.send('/text-size', { size: 'large' })).path).toBe('/otp');
  });

  test('have a cookie of their own, which sibling hosts cannot set', async () => {
    const cookie = (await shared('/9905/')).headers.get('set-cookie');
    expect(cookie).toMatch(/^s-9905=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = sharing.map((one) => ({ ...one, pageOrigins: ['https://ib.example'] }));
    const https = createBank({ ...bank.dependencies, directory: { institutions: secure } });
    const first = await https.request('https://ib.example/9904/');
    expect(first.headers.get('set-cookie')).toMatch(
      /^__Host-s-9904=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

describe('two tabs, each at another institution', () => {
  beforeEach(async () => {
    await logIn(senpoku);
    await logIn(akita, 'hanako01');
  });

  test('have separate sessions', async () => {
    const [one, other] = [await senpoku.open('/top'), await akita.open('/top')];
    expect(one.text).toContain('仙北信用組合');
    expect(one.text).toContain('見本 太郎');
    expect(other.text).toContain('秋田県信用組合');
    expect(other.text).toContain('見本 花子');
    await akita.send('/logout');
    expect((await akita.open('/top')).path).toBe('/');
    expect((await senpoku.open('/top')).path).toBe('/top');
  });

  test('time out separately', async () => {
    bank.advance(4 * MINUTE);
    await akita.open('/top');
    bank.advance(2 * MINUTE);
    expect((await senpoku.open('/top')).path).toBe('/timeout');
    expect((await akita.open('/top')).path).toBe('/top');
  });

  test('refuse each other’s forms', async () => {
    await withToken(bank, senpoku);
    await enter(senpoku);
    const { path } = senpoku.seen;
    const form = senpoku.hidden(`${path}/cancel`);
    expect((await akita.post(`${path}/cancel`, form)).status).toBe(403);
    await akita.open('/top');
    const { form_token = '' } = akita.hidden('/logout');
    expect((await akita.post(`${path}/cancel`, { ...form, form_token })).status).toBe(404);
    expect((await akita.open(path)).status).toBe(404);
    expect((await akita.open(`${path}/status?unless=x`)).status).toBe(404);
    expect(await transfers(bank)).toMatchObject([{ state: 'waiting' }]);
  });

  test('do not accept each other’s cookie', async () => {
    const [, id] = /s-9904=([\w-]+)/.exec(senpoku.cookie) ?? [];
    for (const cookie of [`s-9905=${id}`, `s-9904=${id}`, `s=${id}`]) {
      const response = await shared('/9905/top', { headers: { cookie } });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/9905/']);
    }
  });

  test('follow, confirm and make a transfer where it was entered', async () => {
    const token = await withToken(bank, senpoku);
    const { path } = await enter(senpoku);
    const [, address = ''] = /data-follow="([^"]+)"/.exec(senpoku.seen.html) ?? [];
    const cookie = senpoku.cookie;
    const followed = shared(address, { headers: { cookie } });
    await akita.open('/transfer');
    await token.decide('confirmed');
    await bank.deliverEvents();
    const answer = await (await followed).text();
    expect(answer).toContain('確認されました');
    expect(answer).toContain(`action="/9904${path}/execute"`);
    await senpoku.open(path);
    expect((await press(senpoku, 'execute', PASSWORD)).screenId).toBe('BFT004');
    expect((await akita.open('/accounts')).text).not.toContain('ミホン サブロウ');
  });
});
