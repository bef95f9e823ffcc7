import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { type OpenDatabase, openPostgres } from '../../../bank/store/database.ts';
import { startPostgres, type TestPostgres } from '../../service/postgres.ts';
import type { Browser } from './browser.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { enter, press, withToken } from './test-transfer.ts';

/** Two nodes of the bank on one PostgreSQL: a page that waits at one hears of what happens at the other. */

let server: TestPostgres;
let there: OpenDatabase;
let bank: TestBank;
let browser: Browser;
let token: Awaited<ReturnType<typeof withToken>>;

afterAll(() => server.stop());
useTestBank(
  (stage) => {
    ({ bank, browser } = stage);
  },
  {
    openBank: async () => {
      server = await startPostgres();
      return openPostgres(server.url);
    },
  },
);
beforeAll(async () => {
  there = await openPostgres(server.url);
});
afterAll(() => there.close());
beforeEach(async () => {
  token = await withToken(bank, browser);
  await enter(browser);
});

/** Opens the following page at the second node, to which the token service says nothing. @returns once it waits */
async function followedElsewhere() {
  const { dependencies } = bank;
  let waits = () => {};
  const waiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const elsewhere = createBank({
    ...dependencies,
    db: there.db,
    wakes: there.wakes,
    serviceFor: (institution) => ({
      ...dependencies.serviceFor(institution),
      confirmation: () => {
        waits();
        return new Promise(() => {});
      },
    }),
  });
  const following = browser.copy(elsewhere).open(`${browser.seen.path}/status?unless=waiting`);
  await waiting;
  return { following };
}

test('an event of the token service', async () => {
  const { following } = await followedElsewhere();
  await token.decide('confirmed');
  expect(await bank.deliverEvents()).toBe(1);
  expect(await following).toMatchObject({ status: 200, text: expect.stringContaining('確定する') });
});

test('a button in another window', async () => {
  const { following } = await followedElsewhere();
  await press(browser, 'cancel');
  expect(await following).toMatchObject({
    status: 200,
    text: expect.stringContaining('お申込みを中止しました'),
  });
});
