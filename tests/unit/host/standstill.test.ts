import { expect, test, vi } from 'vitest';
import { watchForStandstill } from '../../../host/standstill.ts';

/** Probes of servers, whose answers come one by one. */
function probed(servers = 1) {
  const answers: ((answered: boolean) => void)[][] = Array.from({ length: servers }, () => []);
  const [began, over] = [vi.fn(), vi.fn()];
  const standstill = watchForStandstill({
    probes: answers.map(
      (ofServer) => () =>
        new Promise((resolve, reject) => {
          ofServer.push((answered) => (answered ? resolve() : reject(new Error('no answer'))));
        }),
    ),
    everyMs: 0,
    began,
    over,
  });
  const answer = async (answered: boolean, server = 0) => {
    await vi.waitFor(() => expect(answers[server]?.length).toBeGreaterThan(0), 20_000);
    answers[server]?.shift()?.(answered);
  };
  return { standstill, answer, began, over };
}

test('stands from a probe left unanswered until one is answered, and says each once', async () => {
  const { standstill, answer, began, over } = probed();
  standstill.doubt();
  expect(standstill.is()).toBe(false);
  await answer(false);
  await vi.waitFor(() => expect(standstill.is()).toBe(true), 20_000);
  standstill.doubt();
  await answer(false);
  await answer(false);
  expect(standstill.is()).toBe(true);
  await answer(true);
  await vi.waitFor(() => expect(over).toHaveBeenCalledOnce(), 20_000);
  expect(standstill.is()).toBe(false);
  expect(began).toHaveBeenCalledOnce();
});

test('doubt probes once at a time, and an answer dispels it', async () => {
  const { standstill, answer, began } = probed();
  standstill.doubt();
  standstill.doubt();
  await answer(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(standstill.is()).toBe(false);
  expect(began).not.toHaveBeenCalled();
  standstill.doubt();
  await answer(false);
  await vi.waitFor(() => expect(standstill.is()).toBe(true), 20_000);
});

test('of several servers, the answer of one dispels doubt', async () => {
  const { standstill, answer, began } = probed(2);
  standstill.doubt();
  await answer(false, 0);
  await answer(true, 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(standstill.is()).toBe(false);
  expect(began).not.toHaveBeenCalled();
});

test('none of several servers keeps the others waiting', async () => {
  const { standstill, answer, over } = probed(2);
  standstill.doubt();
  await answer(false, 0);
  await answer(false, 1);
  await vi.waitFor(() => expect(standstill.is()).toBe(true), 20_000);
  // The first never says anything any more.
  await answer(false, 1);
  await answer(false, 1);
  await answer(true, 1);
  await vi.waitFor(() => expect(over).toHaveBeenCalledOnce(), 20_000);
  expect(standstill.is()).toBe(false);
});
