import { describe, expect, test } from 'vitest';
import { approvals } from '../../service/test-approval.ts';
import { type Desktop, pairings } from '../../service/test-pairing.ts';
import { type Codes, EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';

/** What the bank is told of the devices of its customers' tokens. */

let bank: TestBank;
let codes: Codes;
let desktop: Desktop;
let pairing: ReturnType<typeof pairings>;

useTestBankInUse(async (stage) => {
  ({ bank, codes } = stage);
  pairing = pairings(bank.service);
  await bank.mails(EMAIL);
  bank.messages.clear();
  desktop = await pairing.pair(codes.customer);
});

const mails = async () => {
  await bank.deliverEvents();
  return bank.mails(EMAIL);
};

describe('a customer whose token', () => {
  test('is paired with a desktop is mailed which one it is, and what to do where they did not do it', async () => {
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('トークンとパソコンの連携のお知らせ');
    expect(mail?.text).toContain('連携したパソコン：ブラウザーの拡張機能 Chrome (Windows)');
    expect(mail?.text).toContain('お心当たりのない場合は');
  });

  test('lets it go is mailed that as well', async () => {
    await pairing.remove(codes.customer, desktop.pairing);
    await pairing.remove(codes.customer, desktop.pairing);
    expect((await mails()).map(({ subject }) => subject).sort()).toEqual([
      'トークンとパソコンの連携のお知らせ',
      'トークンとパソコンの連携解除のお知らせ',
    ]);
  });

  test('was not paired after all is mailed nothing', async () => {
    const refused = await pairing.toSymbols(codes.customer);
    await pairing.decide(codes.customer, refused, 'refused');
    expect(await mails()).toHaveLength(1);
  });

  test('says “not me” to a question for a code is logged out, mailed, and let in no more', async () => {
    await mails();
    bank.messages.clear();
    const approval = approvals(bank.service);
    const question = await approval.ask(desktop, codes.customer);
    await approval.decide(codes.customer, question, 'not-me');
    expect((await mails()).map(({ subject }) => subject)).toEqual(['ワンタイムパスワード利用停止のお知らせ']);
    expect(await logIn(bank.browser())).toMatchObject({ path: '/login/suspended' });
  });
});
