import { expect, test } from 'vitest';
import { createTestBank } from './test-bank.ts';

test("with the bank's own database gone, a page says so in Japanese, with 503", async () => {
  const { bank, db } = await createTestBank();
  await db.destroy();
  const response = await bank.request('http://senpoku.localhost:4601/top', {
    headers: { Cookie: `s=${'a'.repeat(43)}` },
  });
  expect(response.status).toBe(503);
  const page = await response.text();
  expect(page).toContain('ただいまご利用いただけません');
  expect(page).toContain('お手続きは行われていません');
});
