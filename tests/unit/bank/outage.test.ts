import { describe, expect, onTestFinished, test } from 'vitest';
import { SERVING } from '../../../bank/app.ts';
import { asked, askFor, clerkAt, pathOf } from './staff-desk.ts';
import { activate, createTestBank, EMAIL, logIn, type TestBank } from './test-bank.ts';
import { confirmed, PASSWORD, press } from './test-transfer.ts';

const DENIED = 'お手続きは行われていません';

async function bankToLose(): Promise<TestBank> {
  const bank = await createTestBank();
  onTestFinished(bank.close);
  return bank;
}

/** What the token service is asked to do next, it does; then the bank's own database is gone. */
function loseDatabaseAfterNextPost({ service, db, replaceService }: TestBank): void {
  replaceService({
    request: async (url, init) => {
      const answer = await service.app.request(url, init);
      if (init.method === 'POST') await db.destroy();
      return answer;
    },
  });
}

test("with the bank's own database gone, a page says so in Japanese, with 503", async () => {
  const { bank, db } = await bankToLose();
  await db.destroy();
  const response = await bank.request('http://senpoku.localhost:4601/top', {
    headers: { Cookie: `s=${'a'.repeat(43)}` },
  });
  expect(response.status).toBe(503);
  const page = await response.text();
  expect(page).toContain('ただいまご利用いただけません');
  // It may be where a form led to that was done.
  expect(page).not.toContain(DENIED);
});

describe('what was begun before the database went, and may be done, is not denied', () => {
  test('to a customer who pressed 確定する', async () => {
    const bank = await bankToLose();
    const browser = bank.browser();
    await logIn(browser);
    await confirmed(bank, browser);
    loseDatabaseAfterNextPost(bank);
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen).toMatchObject({ status: 503, heading: 'ただいまご利用いただけません' });
    expect(seen.text).not.toContain(DENIED);
    expect(seen.text).toContain('先にログイン後の画面で結果をご確認ください');
  });

  test('to staff who suspended a token', async () => {
    const bank = await bankToLose();
    const browser = bank.browser();
    await logIn(browser);
    await activate(bank, browser, EMAIL);
    const clerk = await clerkAt(bank);
    await askFor(clerk, 'emergency');
    loseDatabaseAfterNextPost(bank);
    const seen = await clerk.send(pathOf('emergency'), asked(clerk));
    expect(seen.status).toBe(503);
    expect(seen.text).not.toContain(DENIED);
    expect(seen.text).toContain('「お手続きの記録」で確認してください');
  });
});

test('a request that there was no place for was not begun, and one that took too long may be done', () => {
  const { body } = SERVING.unavailable;
  expect(body(502)).toContain(DENIED);
  expect(body(503)).not.toContain(DENIED);
  expect(body(503)).toContain('先にログイン後の画面で結果をご確認ください');
});
