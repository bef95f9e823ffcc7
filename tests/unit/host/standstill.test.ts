import { expect, test, vi } from 'vitest';
import { watchForStandstill } from '../../../host/standstill.ts';

/** A probe whose answers come one by one. */
function probed() {
  const answers: ((answered: boolean) => void)[] = [];
  const [began, over] = [vi.fn(), vi.fn()];
  const standstill = watchForStandstill({
    probe: () =>
      new Promise((resolve, reject) => {
        answers.push((answered) => (answered ? resolve() : reject(new Error('no answer'))));
      }),
    everyMs: 0,
    began,
    over,
  });
  const answer = async (answered: boolean) => {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0));
    answers.shift()?.(answered);
  };
  return { standstill, answer, began, over };
}

test('stands from a probe left unanswered until one is answered, and says each once', async () => {
  const { standstill, answer, began, over } = probed();
  standstill.doubt();
  expect(standstill.is()).toBe(false);
  await answer(false);
  await vi.waitFor(() => expect(standstill.is()).toBe(true));
  standstill.doubt();
  await answer(false);
  await answer(false);
  expect(standstill.is()).toBe(true);
  await answer(true);
  await vi.waitFor(() => expect(over).toHaveBeenCalledOnce());
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
  await vi.waitFor(() => expect(standstill.is()).toBe(true));
});
