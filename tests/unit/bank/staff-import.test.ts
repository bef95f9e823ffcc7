import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SERVING } from '../../../bank/app.ts';
import type { StaffRole } from '../../../bank/store/schema.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import { closeServers, listen } from '../../../host/listen.ts';
import { createBoundedServers } from '../../../host/serve.ts';
import type { FileToken } from '../../../host/token-file/token.ts';
import { csvOf, everyToken, pskcOf } from '../host/token-file/token-files.ts';
import { type Browser, STAFF } from './browser.ts';
import { EHIME } from './ehime.ts';
import { clerkAt } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';

/** トークンの取り込み of the console. */

let bank: TestBank;
let supervisor: Browser;

useTestBank(async (stage) => {
  bank = stage.bank;
  for (const table of ['import_existing', 'imports'] as const)
    await bank.service.db.deleteFrom(table).execute();
});

beforeEach(async () => {
  supervisor = await clerkAt(bank, 'ehime', 'supervisor');
  await supervisor.open('/imports');
});

const named = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name);

const send = (chosen: File | undefined, typed: Record<string, string> = {}, browser = supervisor) =>
  browser.upload('/imports', { reason: '納品分の登録', password: '', key: '', ...typed }, chosen);

/** Opens the shown import until it is not under way any more. */
const ended = (browser = supervisor) =>
  vi.waitFor(
    async () => {
      const seen = await browser.open(browser.seen.path);
      expect(seen.html).not.toContain('<progress');
      return seen;
    },
    { timeout: 25_000 },
  );

const serials = async () =>
  (await bank.service.db.selectFrom('tokens').select('serial').execute()).map(({ serial }) => serial);

const noted = () =>
  bank.db.selectFrom('token_imports').select(['staff_id', 'begun_at']).executeTakeFirstOrThrow();

const acts = () =>
  bank.db
    .selectFrom('staff_acts')
    .select(['institution', 'staff_id', 'reason', 'outcome'])
    .where('act', '=', 'import')
    .orderBy('id')
    .execute();

const manyTokens = (count: number): FileToken[] =>
  Array.from({ length: count }, (_, place) => ({
    serial: `HW${100_000 + place}`,
    parameters: { algorithm: 'SHA-1', digits: 6, period: 30 },
    key: new Uint8Array(20).fill(place + 1),
    nextCount: 0,
    drift: 0,
    expiresAt: null,
  }));

const PASSWORD = 'correct horse';

describe('a file', () => {
  test.each(['CSV', 'PSKC'])(
    'of %s is told by its content, taken in, and its act is written down',
    async (kind) => {
      const before = (await acts()).length;
      const tokens = everyToken();
      const content = await (kind === 'CSV' ? csvOf(tokens) : pskcOf(tokens, { password: PASSWORD }));
      const typed: Record<string, string> = kind === 'CSV' ? {} : { password: PASSWORD };
      const { path } = await send(named('納品.txt', content), typed);
      expect(path).toMatch(/^\/imports\/[0-9a-f]{64}$/);
      const { status, text } = await ended();
      expect(status).toBe(200);
      expect(text).toContain('取り込みが完了しました。');
      expect(text).toContain(`登録した件数 ${tokens.length}件`);
      expect((await serials()).toSorted()).toEqual(tokens.map(({ serial }) => serial).toSorted());
      expect((await acts()).slice(before)).toEqual([
        {
          institution: 'ehime',
          staff_id: 'staff02',
          reason: `納品分の登録（納品.txt、${tokens.length}件）`,
          outcome: 'done',
        },
      ]);
      expect((await supervisor.open('/imports')).text).toContain('納品.txt');
    },
  );

  test('is sent in pieces, while its page follows without being used', async () => {
    await send(named('many.csv', await csvOf(manyTokens(1_000))));
    const { text } = await ended();
    expect(text).toContain('登録した件数 1,000件');
    const status = `${supervisor.seen.path}/status`;
    const most = policyOf(EHIME).idleMinutes * 60_000;
    bank.advance(0.7 * most);
    expect((await supervisor.open(status)).text).toContain('取り込みが完了しました。');
    bank.advance(0.7 * most);
    expect((await supervisor.open(status)).path).toBe('/timeout');
  });

  test('that was begun with another number of tokens is to be divided: then it is taken in', async () => {
    const [head = '', ...lines] = (await csvOf(manyTokens(4))).trimEnd().split('\n');
    const fileOf = (some: string[]) => named('many.csv', [head, ...some, ''].join('\n'));
    await send(fileOf(lines));
    await ended();
    await bank.service.db.updateTable('imports').set({ tokens: 5 }).execute();
    await supervisor.open('/imports');
    const refused = await send(fileOf(lines));
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('ファイルを分けて取り込んでください。');
    await send(fileOf(lines.slice(2)));
    expect((await ended()).text).toContain('取り込みが完了しました。');
  });

  test('has its bad rows told by line and left out, and serials that were there stay as they are', async () => {
    await send(named('first.csv', await csvOf(manyTokens(2))));
    await ended();
    await supervisor.open('/imports');
    const rows = (await csvOf(manyTokens(3))).split('\r\n');
    await send(named('second.csv', [...rows.slice(0, 4), 'x,totp,00', '<b>12345,totp,00'].join('\r\n')));
    const { text } = await ended();
    expect(text).toContain('登録した件数 1件');
    expect(text).toContain('取り込まない行（2件）');
    expect(text).toContain('5行目 項目の数が見出しの行と異なります');
    expect(text).toContain('すでに登録されていたシリアル番号（2件）');
    expect(text).toContain('2行目 HW100000');
  });

  test('that was imported changes nothing when it is sent again', async () => {
    const content = await csvOf(manyTokens(3));
    await send(named('a.csv', content));
    const { path } = await ended();
    const before = (await acts()).length;
    await supervisor.open('/imports');
    expect((await send(named('b.csv', content))).path).toBe(path);
    expect((await ended()).text).toContain('登録した件数 3件');
    expect((await acts()).length).toBe(before);
  });

  test('that begins anew, since a serial of it was made void, is the import of who sends it then', async () => {
    const content = await csvOf(manyTokens(2));
    await send(named('a.csv', content));
    const { path, text: before } = await ended();
    const { staff_id: first, begun_at: then } = await noted();
    await bank.db.updateTable('token_imports').set({ staff_id: 'staff09' }).execute();
    bank.advance(2 * 60_000);
    const Authorization = `Bearer ${await bank.service.keyOf('staff', EHIME.key)}`;
    const by = { actor: 'staff01', reason: '盗難' };
    await bank.service.bank('POST', '/v1/staff/serials/HW100000/void', by, { Authorization });
    await supervisor.open('/imports');
    expect((await send(named('a.csv', content))).path).toBe(path);
    expect((await ended()).text).toContain('登録した件数 1件');
    const now = await noted();
    expect(now.staff_id).toBe(first);
    expect(now.begun_at.getTime() - then.getTime()).toBeGreaterThanOrEqual(2 * 60_000);
    expect(before).toContain('登録した件数 2件');
  });

  test('sent twice at once by one form is one import', async () => {
    const before = (await acts()).length;
    const file = named('a.csv', await csvOf(manyTokens(300)));
    const other = supervisor.copy();
    const [one, two] = await Promise.all([send(file), send(file, {}, other)]);
    expect(one.path).toBe(two.path);
    expect((await ended()).text).toContain('登録した件数 300件');
    expect((await acts()).length).toBe(before + 1);
  });
});

describe('what cannot be taken changes nothing', () => {
  const sealed = () => pskcOf(manyTokens(2), { password: PASSWORD });
  const DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>';
  test.each<[string, () => Promise<string> | string, Record<string, string>, string]>([
    ['a wrong password', sealed, { password: 'wrong' }, 'パスワードまたは鍵が誤っているか'],
    ['a full-width password', sealed, { password: 'ｃｏｒｒｅｃｔ' }, '全角文字が含まれています'],
    ['no password', sealed, {}, 'パスワードを入力してください'],
    [
      'a changed file',
      async () =>
        (await sealed()).replace(/(ValueMAC>)(.)/, (_, tag, first) => tag + (first === 'A' ? 'B' : 'A')),
      { password: PASSWORD },
      'ファイルが書き換えられています',
    ],
    [
      'a file in clear, for a password',
      () => csvOf(manyTokens(2)),
      { password: PASSWORD },
      '暗号化されていない鍵があります',
    ],
    ['a password and a key', sealed, { password: PASSWORD, key: '00'.repeat(16) }, 'どちらか一方だけ'],
    ['a key that is none', sealed, { key: 'ｘｙ' }, '16進数の32桁'],
    ['a DTD', () => DTD, {}, '文書型宣言（DTD）'],
    ['an empty file', () => '', {}, 'ファイルの中身がありません'],
    ['another file', () => 'name,mail\r\n', {}, '1行目がトークンのCSVの見出しではありません'],
    ['no good row', () => 'serial,kind,key\r\nx,totp,00\r\n', {}, '取り込めるトークンがありません'],
    ['no reason', () => 'serial,kind,key\r\n', { reason: '' }, '理由を入力してください'],
  ])('%s', async (_, content, typed, said) => {
    const { status, text } = await send(named('tokens.csv', await content()), typed);
    expect(status).toBe(422);
    expect(text).toContain(said);
    expect(await serials()).toEqual([]);
    expect(await bank.service.db.selectFrom('imports').select('digest').execute()).toEqual([]);
    expect(text).not.toContain(PASSWORD);
  });

  test('no file', async () => {
    const { status, text } = await send(undefined);
    expect(status).toBe(422);
    expect(text).toContain('ファイルを選択してください。');
  });

  test('a file that is too large is for the command', async () => {
    const { status, text } = await send(named('large.csv', new Uint8Array(9 * 2 ** 20)));
    expect(status).toBe(413);
    expect(text).toContain('コマンドで取り込んでください');
  });
});

test('a file of more than the server waits for arrives, and is read only of a supervisor', async () => {
  const { servers, serve } = createBoundedServers({
    ...SERVING,
    capacity: { connections: 10, requests: 10, bodyBytes: 2 ** 20 },
  });
  const [server] = servers;
  if (server === undefined) throw new Error('no server');
  await listen(server, '127.0.0.1', 0);
  try {
    serve(bank.bank.fetch);
    const { port } = server.address() as AddressInfo;
    const form = supervisor.hidden('/imports');
    const content = await csvOf(manyTokens(2_000));
    expect(content.length).toBeGreaterThan(2 * SERVING.mostBodyBytes);
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...form, reason: '納品', password: '', key: '' }))
      body.set(name, value);
    body.set('file', named('large.csv', content));
    const whole = new Response(body);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const headers = {
      Host: new URL(STAFF).host,
      Origin: STAFF,
      'Content-Type': whole.headers.get('content-type') ?? '',
      'Content-Length': bytes.length,
    };
    const answered = async (more: object, sent: Buffer) => {
      const asked = request({ port, method: 'POST', path: '/imports', headers: { ...headers, ...more } });
      asked.write(sent);
      const [{ statusCode, headers: told }] = (await once(asked, 'response')) as [IncomingMessage];
      asked.destroy();
      return [statusCode, told.location];
    };
    expect(await answered({}, bytes.subarray(0, 1_000))).toEqual([303, '/sign-in']);
    const [status, location] = await answered({ Cookie: supervisor.cookie }, bytes);
    expect(status).toBe(303);
    await supervisor.open(String(location));
    expect((await ended()).text).toContain('登録した件数 2,000件');
  } finally {
    await closeServers(servers, 0);
  }
});

test('more files than a node holds wait their turn', async () => {
  const release = Promise.withResolvers<void>();
  bank.replaceService({
    request: async (url, init) => {
      if (url.includes('/rows/')) await release.promise;
      return bank.service.app.request(url, init);
    },
  });
  const browsers = [supervisor, supervisor.copy(), supervisor.copy()];
  const seen = [];
  for (const [place, browser] of browsers.entries()) {
    seen.push(await send(named('a.csv', await csvOf(manyTokens(place + 1))), {}, browser));
  }
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 503]);
  expect(seen[2]?.text).toContain('ほかのファイルを取り込んでいます。');
  expect(seen[1]?.html).toContain('<progress id="import-progress" max="2" value="0">');
  release.resolve();
  for (const browser of browsers.slice(0, 2)) await ended(browser);
});

describe('a token service that does not answer', () => {
  test('has nothing begun', async () => {
    bank.way.connection = 'down';
    const { status, text } = await send(named('a.csv', await csvOf(manyTokens(1))));
    expect(status).toBe(503);
    expect(text).toContain('取り込みを始められませんでした');
    expect(await bank.db.selectFrom('token_imports').select('digest').execute()).toEqual([]);
  });

  test('stops an import, which goes on where it was once the same file is sent again', async () => {
    const content = await csvOf(manyTokens(600));
    bank.replaceService({
      request: async (url, init) =>
        url.endsWith('/rows/0') || !url.includes('/rows/')
          ? bank.service.app.request(url, init)
          : new Response('{"type":"about:blank","title":"x","status":404,"code":"not_found"}', {
              status: 404,
            }),
    });
    await send(named('a.csv', content));
    const { text, html } = await ended();
    expect(text).toMatch(/取り込みは600件のうち\d+件で止まりました。/);
    expect(html).not.toContain('data-follow');
    const taken = (await serials()).length;
    expect(taken).toBeGreaterThan(0);
    bank.replaceService(bank.service.app);
    await supervisor.open('/imports');
    await send(named('a.csv', content));
    expect((await ended()).text).toContain('登録した件数 600件');
    expect(new Set(await serials()).size).toBe(600);
  });
});

describe('who may not', () => {
  test.each(['clerk', 'auditor'] as const)('%s', async (role) => {
    const browser = await clerkAt(bank, 'ehime', role);
    expect(browser.seen.html).not.toContain('href="/imports"');
    expect((await browser.open('/imports')).status).toBe(403);
    expect((await browser.post('/imports', {})).status).toBe(403);
  });

  test('a supervisor whose role is removed while the file arrives', async () => {
    const setRole = (role: StaffRole) =>
      bank.db.updateTable('staff').set({ role }).where('id', '=', 'ehime-staff02').execute();
    const form = new FormData();
    const fields = { ...supervisor.hidden('/imports'), reason: '納品', password: '', key: '' };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', named('a.csv', await csvOf(manyTokens(1))));
    const whole = new Response(form);
    const content = new Uint8Array(await whole.arrayBuffer());
    // Whoever reads the body has admitted the request.
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (arriving) => {
          await setRole('clerk');
          arriving.enqueue(content);
          arriving.close();
        },
      },
      { highWaterMark: 0 },
    );
    bank.calls.length = 0;
    const headers = {
      origin: STAFF,
      cookie: supervisor.cookie,
      'content-type': whole.headers.get('content-type') ?? '',
    };
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const answer = await bank.bank.request(`${STAFF}/imports`, init);
    await setRole('supervisor');
    expect([answer.status, (await answer.text()).includes('操作のあいだに権限が変わったため')]).toEqual([
      409,
      true,
    ]);
    expect(bank.calls).toEqual([]);
    expect(await bank.db.selectFrom('token_imports').select('digest').execute()).toEqual([]);
  });

  test('staff of an institution without hardware tokens', async () => {
    const browser = await clerkAt(bank, 'senpoku', 'supervisor');
    expect(browser.seen.html).not.toContain('href="/imports"');
    expect((await browser.open('/imports')).status).toBe(404);
  });

  test('a session that has ended, or another one', async () => {
    const file = named('a.csv', await csvOf(manyTokens(1)));
    const forged = await send(file, { form_token: 'x' }, supervisor.copy());
    expect(forged.status).toBe(403);
    expect(forged.text).toContain('入力した内容（送信されていません） 理由 納品分の登録');
    expect((await supervisor.copy().post('/imports', {}, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await supervisor.copy().post('/imports', {})).status).toBe(415);
    expect((await send(file, { submission: 'x' }, supervisor.copy())).status).toBe(403);
    bank.advance(60 * 60_000);
    expect((await send(file)).path).toBe('/timeout');
    expect(await serials()).toEqual([]);
  });
});
