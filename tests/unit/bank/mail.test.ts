import type { AddressInfo, Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startChores } from '../../../bank/chores.ts';
import { createInbox } from '../../../bank/inbox/app.ts';
import { createMessages } from '../../../bank/inbox/messages.ts';
import { AddressRefusedError, createMailer, type Mailer } from '../../../bank/mail/mailer.ts';
import { deliverDue, forgetDelivered, mailsGivenUp, writeMail } from '../../../bank/mail/outbox.ts';
import { readMetrics } from '../../../bank/metrics.ts';
import { outboxWaiting } from '../../../host/metrics.ts';
import { createTestBank, EMAIL, fillIn, logIn, type TestBank } from './test-bank.ts';

describe('the outbox', () => {
  let bank: TestBank;

  beforeAll(async () => {
    bank = await createTestBank();
  }, 60_000);

  afterAll(() => bank.close());

  afterEach(() => vi.useRealTimers());

  beforeEach(async () => {
    await bank.reset();
    const browser = bank.browser();
    await logIn(browser);
    await fillIn(browser, EMAIL);
  });

  /** Nothing listens at this port. */
  const unreachable = createMailer('smtp://127.0.0.1:1');

  test('keeps a mail that the server did not take, and tries again later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const down = { ...bank.outbox, mailer: unreachable };
    expect(await deliverDue(down)).toBe(0);
    bank.advance(1_999);
    expect(await deliverDue(bank.outbox)).toBe(0);
    bank.advance(1);
    expect(await deliverDue(bank.outbox)).toBe(1);
    expect(bank.messages.list(EMAIL)).toHaveLength(1);
  });

  test('delivers a mail that a dead process had claimed', async () => {
    const dies = { send: () => new Promise<void>(() => {}), close: () => {} };
    void deliverDue({ ...bank.outbox, mailer: dies });
    await bank.db.selectFrom('outbox').selectAll().execute();
    expect(await deliverDue(bank.outbox)).toBe(0);
    bank.advance(31_000);
    expect(await deliverDue(bank.outbox)).toBe(1);
  });

  test('still delivers after the clock was set back', async () => {
    bank.advance(24 * 60 * 60_000);
    await deliverDue({ ...bank.outbox, mailer: unreachable });
    bank.service.clock.move(0);
    expect(await deliverDue(bank.outbox)).toBe(1);
  });

  test('sends once when two deliver at the same time', async () => {
    const delivered = await Promise.all([deliverDue(bank.outbox), deliverDue(bank.outbox)]);
    expect(delivered.reduce((sum, count) => sum + count)).toBe(1);
    expect(bank.messages.list(EMAIL)).toHaveLength(1);
  });

  test('sends each once when a second node delivers beside a slow mail server', async () => {
    await deliverDue(bank.outbox);
    const [institution] = bank.directory.institutions;
    if (institution === undefined) throw new Error('no institution');
    for (const id of ['一', '二', '三']) {
      bank.advance(1);
      await writeMail(bank.dependencies, bank.db, {
        id,
        institution,
        customerId: 'senpoku-taro0001',
        kind: 'issue',
        to: EMAIL,
        content: { subject: id, text: '本文' },
      });
    }
    const sent: string[] = [];
    const quick: Mailer = { send: async ({ subject }) => void sent.push(subject), close: () => {} };
    const slow: Mailer = {
      ...quick,
      send: async ({ subject }) => {
        sent.push(subject);
        bank.advance(20_000);
        if (sent.length === 2) await deliverDue({ ...bank.outbox, mailer: quick });
      },
    };
    await deliverDue({ ...bank.outbox, mailer: slow });
    expect(sent).toEqual(['一', '二', '三']);
  });

  const DAY_MS = 24 * 60 * 60_000;
  const outcomes = () => bank.db.selectFrom('outbox').select(['content', 'given_up']).execute();
  const waiting = async () => {
    await readMetrics(bank.db, new Date(bank.service.clock.now()));
    return (await outboxWaiting.get()).values.find(({ labels }) => labels.outbox === 'mails')?.value;
  };

  test('gives a mail up whose address is refused, and forgets it a day later', async () => {
    const refuses = { send: () => Promise.reject(new AddressRefusedError()), close: () => {} };
    const before = (await mailsGivenUp.get()).values[0]?.value ?? 0;
    expect(await waiting()).toBe(1);
    expect(await deliverDue({ ...bank.outbox, mailer: refuses })).toBe(0);
    expect([await outcomes(), await waiting()]).toEqual([[{ content: null, given_up: true }], 0]);
    expect((await mailsGivenUp.get()).values[0]?.value).toBe(before + 1);
    bank.advance(31 * 60_000);
    expect(await deliverDue(bank.outbox)).toBe(0);
    await forgetDelivered(bank.db, bank.service.clock.now() + DAY_MS);
    expect(await outcomes()).toEqual([]);
  });

  test('gives a mail up that was not taken for three days', async () => {
    const down = { ...bank.outbox, mailer: unreachable };
    bank.advance(3 * DAY_MS - 60_000);
    await deliverDue(down);
    expect(await waiting()).toBe(1);
    bank.advance(31 * 60_000);
    await deliverDue(down);
    expect([await outcomes(), await waiting()]).toEqual([[{ content: null, given_up: true }], 0]);
  });

  test('keeps a mail for as long as no mail server is named, and counts it', async () => {
    bank.advance(4 * DAY_MS);
    const chores = startChores(bank.chores, undefined);
    chores.wake();
    await chores.stop();
    expect([await outcomes(), await waiting()]).toEqual([
      [{ content: expect.anything(), given_up: false }],
      1,
    ]);
    expect(await deliverDue(bank.outbox)).toBe(1);
  });

  test('deletes the text after delivery, and the mail a day later', async () => {
    await deliverDue(bank.outbox);
    const rows = () => bank.db.selectFrom('outbox').select('content').execute();
    expect(await rows()).toEqual([{ content: null }]);
    await forgetDelivered(bank.db, bank.service.clock.now() + 25 * 60 * 60_000);
    expect(await rows()).toEqual([]);
  });
});

test('mails that follow one another take one connection, and a new one where the server ended it', async () => {
  const subjects: (string | undefined)[] = [];
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onConnect: (_session, accept) => {
      connections += 1;
      accept();
    },
    onData: (stream, _session, taken) => {
      simpleParser(stream).then(({ subject }) => {
        subjects.push(subject);
        taken();
      }, taken);
    },
  });
  server.on('error', () => {});
  const sockets: Socket[] = [];
  server.server.on('connection', (socket) => sockets.push(socket));
  const { port } = await new Promise<AddressInfo>((listening) => {
    server.listen(0, '127.0.0.1', () => listening(server.server.address() as AddressInfo));
  });
  const mailer = createMailer(`smtp://127.0.0.1:${port}`);
  const send = (subject: string) =>
    mailer.send({ from: { name: '銀行', address: 'bank@example.jp' }, to: EMAIL, subject, text: '本文' });
  await send('一');
  await send('二');
  expect({ subjects, connections }).toEqual({ subjects: ['一', '二'], connections: 1 });
  for (const socket of sockets) socket.destroy();
  const sentAnew = () =>
    send('三').then(
      () => true,
      () => false,
    );
  await vi.waitUntil(sentAnew, { timeout: 30_000 });
  expect({ subjects, connections }).toEqual({ subjects: ['一', '二', '三'], connections: 2 });
  mailer.close();
  await new Promise<void>((closed) => server.close(() => closed()));
});

test.each([
  ['550 5.1.1 no such user', true],
  ['550 mailbox unavailable', true],
  ['452 4.2.2 mailbox full', false],
  ['554 5.7.1 relay access denied', false],
])('%s to an address: refused for good is %s', async (answer, forGood) => {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (_address, _session, taken) =>
      taken(Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) })),
  });
  server.on('error', () => {});
  const { port } = await new Promise<AddressInfo>((listening) => {
    server.listen(0, '127.0.0.1', () => listening(server.server.address() as AddressInfo));
  });
  const mailer = createMailer(`smtp://127.0.0.1:${port}`);
  const from = { name: '銀行', address: 'bank@example.jp' };
  const sent = mailer.send({ from, to: EMAIL, subject: '一', text: '本文' });
  const error: unknown = await sent.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error instanceof AddressRefusedError).toBe(forGood);
  mailer.close();
  await new Promise<void>((closed) => server.close(() => closed()));
});

describe('the inbox', () => {
  const date = '2026-11-21T00:00:00.000Z';
  const mail = (subject: string, to = EMAIL) => ({ to: [to], from: 'a@b.example', subject, text: 'x', date });

  test('answers with an array, newest first, also by address', async () => {
    const messages = createMessages();
    messages.add(mail('一'));
    messages.add(mail('二', 'hanako@example.jp'));
    const inbox = createInbox(messages);
    const get = async (path: string) => (await inbox.request(path)).json();
    expect(await get('/api/messages')).toMatchObject([{ subject: '二' }, { subject: '一' }]);
    expect(await get('/api/messages?to=Taro@example.jp')).toEqual([
      { id: '1', to: EMAIL, from: 'a@b.example', subject: '一', text: 'x', date },
    ]);
  });

  test('keeps the last 500', () => {
    const messages = createMessages();
    for (let count = 1; count <= 510; count++) messages.add(mail(String(count)));
    expect(messages.list()).toHaveLength(500);
    expect(messages.list()[0]?.subject).toBe('510');
  });

  test('A16: shows markup as text', async () => {
    const messages = createMessages();
    messages.add({ ...mail('<script>1</script>'), text: '<img src=x onerror=1>' });
    const response = await createInbox(messages).request('/?to=%22%3E%3Cscript%3E');
    const all = await createInbox(messages).request('/');
    for (const page of [await response.text(), await all.text()]) expect(page).not.toMatch(/<script|<img/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
