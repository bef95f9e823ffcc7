import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { loadAssets } from '../../../bank/web/assets.ts';
import type { Directory, Institution } from '../../../core/institution/directory.ts';
import { announcing, DEFAULT_DIRECTORY, SENPOKU } from '../../institutions.ts';
import { EHIME } from './ehime.ts';
import { createTestBank, type TestBank } from './test-bank.ts';

const START = 'http://banks.localhost:4601/';

let stage: TestBank;

beforeAll(async () => {
  stage = await createTestBank();
}, 60_000);

afterAll(() => stage.close());

/** The bank with a directory; it has demo customers only with the default one. */
function bankOf(directory: Directory) {
  const { start } = stage.dependencies;
  const demo = directory === DEFAULT_DIRECTORY ? start.demo : undefined;
  return createBank({
    ...stage.dependencies,
    directory,
    assets: loadAssets(directory),
    start: { ...start, demo },
  });
}

async function read(url: string, directory: Directory = DEFAULT_DIRECTORY) {
  const response = await bankOf(directory).request(url);
  const html = await response.text();
  const text = html.replace(/<head>[\s\S]*<\/head>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  return { status: response.status, headers: response.headers, html, text };
}

const changed = (changes: object): Directory => ({ institutions: [{ ...SENPOKU, ...changes }] });
const ruled = (rules: object) => changed({ rules: { ...SENPOKU.rules, ...rules } });

const STEPS = {
  ANSER: [
    'ログイン',
    'トークン発行',
    'メールを確認',
    '初期設定',
    '利用開始',
    'コードでログイン',
    '振込と取引認証',
  ],
  SHINKIN: ['トークンの準備', '利用開始', 'ログイン', '振込と取引認証'],
};

describe('the start page', () => {
  test('links to every institution, the inbox, the token and the staff console', async () => {
    const { status, html, text } = await read(START);
    expect(status).toBe(200);
    for (const { key, name, pageOrigins } of DEFAULT_DIRECTORY.institutions) {
      expect(text).toContain(name);
      expect(html).toContain(`href="${pageOrigins[0]}"`);
      expect(html).toContain(`href="/?bank=${key}#story"`);
      expect(html).toContain(`href="${pageOrigins[0]}/help">お困りのとき`);
    }
    for (const origin of ['inbox.localhost:4602', 'token.localhost:4600', 'staff.localhost:4601']) {
      expect(html).toContain(`href="http://${origin}"`);
    }
    expect(text).not.toContain('準備中');
  });

  test('links to an institution’s own pages where others share its origin', async () => {
    const pageOrigins = ['http://shared.localhost:4601'];
    const institutions = DEFAULT_DIRECTORY.institutions.map((one) =>
      ['senpoku', 'akita'].includes(one.key) ? { ...one, pageOrigins } : one,
    );
    const { html } = await read(`${START}?bank=senpoku`, { institutions });
    for (const { bankCode, key } of institutions.filter(({ key }) => ['senpoku', 'akita'].includes(key))) {
      expect(html, key).toContain(`href="http://shared.localhost:4601/${bankCode}"`);
    }
    expect(html).toContain(`href="http://shared.localhost:4601/${SENPOKU.bankCode}/otp/issue"`);
    expect(html).not.toMatch(/href="http:\/\/shared\.localhost:4601(?:\/?"|\/otp)/);
  });

  test('shows demo logins only with the default directory', async () => {
    const contract = ['1234567890', '0918273645', '2345678901', '1029384756'];
    const customer = ['taro0001', 'hanako01', 'login1234', 'kakunin1234', ...contract];
    const secrets = [...customer, 'staff01', 'staff-demo-1234'];
    const { text } = await read(START);
    for (const secret of secrets) expect(text).toContain(secret);
    for (const { key } of DEFAULT_DIRECTORY.institutions) {
      const own = await read(`${START}?bank=${key}`, { ...DEFAULT_DIRECTORY });
      for (const secret of [...secrets, 'デモのお客さま']) expect(own.text).not.toContain(secret);
      expect(own.text).toContain('デモ用のお客さまと職員は登録されていません');
    }
  });

  test.each(DEFAULT_DIRECTORY.institutions)(
    '$key: each step names the one after it',
    async ({ key, name, family, login }) => {
      const { html, text } = await read(`${START}?bank=${key}`);
      expect(text).toContain(`${name}での手順`);
      const steps = [...html.matchAll(/<li class="step"[\s\S]*?<\/li>/g)].map(([step]) => step);
      const titles = steps.map((step) => /<\/span>([^<]+)<span class="en"/.exec(step)?.[1]);
      const named = STEPS[family].map((title) =>
        login && title === 'コードでログイン' ? '署名でログイン' : title,
      );
      expect(titles.slice(-named.length)).toEqual(named);
      for (const [index, step] of steps.slice(0, -1).entries()) {
        expect(step).toContain(`<a href="#step-${index + 2}">次は ${index + 2}. ${titles[index + 1]}</a>`);
      }
      expect(html).toContain(`<a class="action" href="#story">1. ${titles[0]}</a>`);
    },
  );

  test('begins with the first institution, also if the requested one does not exist', async () => {
    const first = DEFAULT_DIRECTORY.institutions[0] as Institution;
    for (const query of ['', '?bank=nobody', '?bank=%22%3E%3Cimg%3E']) {
      const { text, html } = await read(`${START}${query}`);
      expect(text).toContain(`${first.name}での手順`);
      expect(html).not.toContain('<img');
    }
  });

  test('describes an institution by its directory entry', async () => {
    const shown = async (directory: Directory) => (await read(START, directory)).text;
    expect(await shown(changed({ confirmation: 'approve' }))).toContain('承認（トークンで');
    const code = await shown(changed({ confirmation: 'code' }));
    expect(code).toContain('コード（確認後に');
    expect(code).toContain('表示される取引認証コードと、確認用パスワードを');
    const signed = await shown(changed({ login: ['signed', 'code'] }));
    expect(signed).toContain(
      '署名（拡張機能が画面のアドレスを確かめて署名し、入力は不要）。コードの入力も可',
    );
    expect(signed).toContain('「ワンタイムパスワードを入力する」を押して');
    const only = await shown(changed({ login: ['signed'] }));
    expect(only).toContain('署名でログイン');
    expect(only).not.toMatch(/コードの入力も可|ワンタイムパスワードを入力する/);
    expect(await shown(changed({ login: ['code'] }))).not.toContain('署名');
    expect(await shown(ruled({ emailPassword: true }))).toContain('受信箱に届いたメール通知パスワード');
    expect(await shown(ruled({ emailPassword: false }))).not.toContain('受信箱に届いたメール通知パスワード');
    const counter = await shown(ruled({ application: 'counter' }));
    expect(counter).toContain('窓口申込');
    expect(counter).toContain('1. 窓口での申込');
    expect(await shown(ruled({ application: undefined }))).not.toContain('窓口での申込');
    expect(await shown(ruled({ release: [{ by: 'phone' }] }))).toMatch(/利用解除\s+電話\s/);
    const limits = { dailyLimitWithoutOtp: 123_456, dailyLimitMost: 30_000_000, limitChangeAfterDays: 4 };
    expect(await shown(ruled(limits))).toContain(
      '利用開始前 123,456円、変更により最高 3,000万円（4日後から）',
    );
    const ehime = { ...EHIME, rules: { ...EHIME.rules, ...limits } };
    expect(await shown({ institutions: [ehime] })).toContain(
      '利用開始前はお振込できません。利用開始後 123,456円、変更により最高 3,000万円（4日後から）',
    );
    const otp = { algorithm: 'SHA-1', digits: 6, period: 30 };
    expect(await shown(changed({ otp }))).toContain('6桁・30秒ごと');
    const rules = { ...SENPOKU.rules, hardwareLimit: 50_000 };
    expect(await shown(changed({ tokenKind: 'serial', rules }))).toContain(
      'お客さまが作り、シリアル番号で登録。ハードウェアトークンでの振込は1件 5万円まで',
    );
  });

  test('has no cookie, no form, and no other pages', async () => {
    const { headers, html } = await read(START);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/<form|<script|<style|\sstyle=/);
    expect((await read(`${START}login`)).text).toContain('サイトが見つかりません');
    expect((await read('http://banks.evil.example:4601/')).text).toContain('サイトが見つかりません');
  });
});

describe('an institution in preparation', () => {
  const directory = announcing('ehime');

  test('is on the start page, and has no story', async () => {
    const { text, html } = await read(START, directory);
    expect(text).toContain('愛媛信用金庫');
    expect(text.match(/準備中/g)).toHaveLength(1);
    expect(html).toContain('href="http://ehime.localhost:4601"');
    expect(html).not.toContain('/?bank=ehime');
  });

  test.each(['/', '/login', '/otp/issue', '/events/none'])(
    'answers %s with 準備中 and no more',
    async (path) => {
      const { status, headers, html, text } = await read(`http://ehime.localhost:4601${path}`, directory);
      expect(status).toBe(503);
      expect(text).toContain('愛媛信用金庫');
      expect(text).toContain('当金庫のインターネットバンキングは、ただいま準備中です');
      expect(html).toContain('class="look-ehime style-tint"');
      expect(html).not.toMatch(/<form|<input|画面ID/);
      expect(headers.get('set-cookie')).toBeNull();
      for (const { name } of directory.institutions) expect(html).not.toContain(name);
    },
  );

  test('accepts no form', async () => {
    const response = await bankOf(directory).request('http://ehime.localhost:4601/login', {
      method: 'POST',
      headers: { origin: 'http://ehime.localhost:4601', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'login_id=taro0001&password=login1234',
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('has its own colours and mark', async () => {
    const { html } = await read('http://ehime.localhost:4601/', directory);
    const [sheet = '', icon = ''] = ['look-ehime.css', 'mark-ehime.svg'].map(
      (name) => html.match(new RegExp(`/assets/${name.replace('.', '\\.')}\\?v=[\\w-]+`))?.[0],
    );
    const own = async (path: string) => (await read(`http://ehime.localhost:4601${path}`, directory)).html;
    expect(await own(sheet)).toContain('.look-ehime { --solid: #');
    expect(await own(icon)).toContain('<svg');
  });
});
