import { expect, test, vi } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { cancelRequest } from '../../../bank/store/requests.ts';
import type { Browser, Seen } from './browser.ts';
import { logIn, type TestBank, useTestBank } from './test-bank.ts';
import { logIn as logInToEhime, openDesk, register } from './test-shinkin.ts';
import { NEW_PAYEE } from './test-transfer.ts';

let bank: TestBank;

useTestBank((stage) => {
  ({ bank } = stage);
});

interface Follower {
  readonly browser: Browser;
  readonly account: string;
}

let stop: AbortController;
let waiting: number;
let anser: Follower;
let shinkin: Follower;

/** A node with so many places, and two customers of it, each of another family. */
async function openNode(waiters: number, wakes = bank.dependencies.wakes): Promise<void> {
  stop = new AbortController();
  waiting = 0;
  const node = createBank({
    ...bank.dependencies,
    capacity: { waiters },
    wakes,
    stopping: stop.signal,
    wait: () => {
      waiting += 1;
      return new Promise(() => {});
    },
  });
  anser = { browser: bank.browser().copy(node), account: 'senpoku-taro0001' };
  await logIn(anser.browser);
  const desk = await openDesk(bank);
  await register(bank, desk.browser(), await desk.newToken());
  shinkin = { browser: desk.browser().copy(node), account: 'ehime-1234567890' };
  await logInToEhime(shinkin.browser);
}

/** Enters a transfer. @returns what its page does */
async function following({ browser, account }: Follower): Promise<() => Promise<Seen>> {
  await browser.open('/transfer/new');
  const own = { ...NEW_PAYEE, way: 'own', amount: '1000' };
  const fields = { from_account: `${account}-0`, own: `${account}-1` };
  const { path } = await browser.send('/transfer/new', { ...own, ...fields });
  return () => browser.copy().open(`${path}/status?unless=entered`);
}

const until = (count: number) => vi.waitFor(() => expect(waiting).toBe(count), { timeout: 20_000 });

test('a node with one place lets one page wait, and not one of each family', async () => {
  await openNode(1);
  const [followAtAnser, followAtShinkin] = [await following(anser), await following(shinkin)];
  const first = followAtAnser();
  await until(1);
  expect((await followAtShinkin()).status).toBe(503);
  stop.abort();
  expect((await first).status).toBe(204);
});

test('one session takes a few places, and leaves the others their own', async () => {
  await openNode(10);
  const [followAtAnser, followAtShinkin] = [await following(anser), await following(shinkin)];
  const few = Array.from({ length: 6 }, followAtAnser);
  await until(6);
  expect((await followAtAnser()).status).toBe(503);
  const other = followAtShinkin();
  await until(7);
  stop.abort();
  expect((await other).status).toBe(204);
  expect((await Promise.all(few)).map(({ status }) => status)).toEqual(few.map(() => 204));
});

test('a change that was told of before the page listened is seen all the same', async () => {
  let cancelled: Promise<boolean> | undefined;
  const deaf = {
    ...bank.dependencies.wakes,
    on: (id: string) => {
      cancelled = cancelRequest(bank.db, 'transfers', id);
      return () => {};
    },
  };
  await openNode(1, deaf);
  await (await following(anser))();
  expect(await cancelled).toBe(true);
  expect(waiting).toBe(0);
});
