import { describe, expect, test } from 'vitest';
import { createStorageModel } from '../../../components/storage-model.ts';

/** A browser whose answers are given by hand, in whatever order. */
function start() {
  const waiting: ((kept: boolean) => void)[] = [];
  const question = () => new Promise<boolean>((resolve) => waiting.push(resolve));
  const model = createStorageModel({ ask: question, isKept: question });
  const answer = async (at: number, kept: boolean) => {
    waiting[at]?.(kept);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { ...model, answer };
}

describe('whether the browser keeps the vault', () => {
  test('is not known until it says so', async () => {
    const { state, look, answer } = start();
    void look();
    expect(state.value).toBe('unknown');
    await answer(0, false);
    expect(state.value).toBe('clearable');
  });

  test.each([
    [true, 'kept'],
    [false, 'clearable'],
  ] as const)('asked for, answered with %s: %s', async (kept, known) => {
    const { state, ask, answer } = start();
    void ask();
    await answer(0, kept);
    expect(state.value).toBe(known);
  });

  test('it may, as long as the customer has not answered; then it does not', async () => {
    const { state, ask, look, answer } = start();
    void ask();
    void look();
    await answer(1, false);
    expect(state.value).toBe('clearable');
    await answer(0, true);
    expect(state.value).toBe('kept');
  });

  test('an earlier refusal does not undo a later answer', async () => {
    const { state, look, answer } = start();
    void look();
    void look();
    await answer(1, true);
    await answer(0, false);
    expect(state.value).toBe('kept');
  });
});
