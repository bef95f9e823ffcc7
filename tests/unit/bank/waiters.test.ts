import { expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { logIn, type TestBank, useTestBank } from './test-bank.ts';
import { logIn as logInToEhime, openDesk, register } from './test-shinkin.ts';
import { NEW_PAYEE } from './test-transfer.ts';

let bank: TestBank;

useTestBank((stage) => {
  ({ bank } = stage);
});

test('a node with one place lets one page wait, and not one of each family', async () => {
  const stop = new AbortController();
  let waits = () => {};
  const waiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const node = createBank({
    ...bank.dependencies,
    capacity: { waiters: 1 },
    stopping: stop.signal,
    wait: () => {
      waits();
      return new Promise(() => {});
    },
  });
  const anser = bank.browser().copy(node);
  await logIn(anser);
  const desk = await openDesk(bank);
  await register(bank, desk.browser(), await desk.newToken());
  const shinkin = desk.browser().copy(node);
  await logInToEhime(shinkin);
  const own = { ...NEW_PAYEE, way: 'own', amount: '1000' };
  const follow = async (browser: typeof anser, account: string) => {
    await browser.open('/transfer/new');
    const fields = { from_account: `${account}-0`, own: `${account}-1` };
    const { path } = await browser.send('/transfer/new', { ...own, ...fields });
    return () => browser.copy().open(`${path}/status?unless=entered`);
  };
  const [followAtAnser, followAtShinkin] = [
    await follow(anser, 'senpoku-taro0001'),
    await follow(shinkin, 'ehime-1234567890'),
  ];

  const first = followAtAnser();
  await waiting;
  expect((await followAtShinkin()).status).toBe(503);
  stop.abort();
  expect((await first).status).toBe(204);
});
