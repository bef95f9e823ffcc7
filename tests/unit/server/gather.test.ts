import { afterEach, describe, expect, test, vi } from 'vitest';
import { OutageError } from '../../../core/errors.ts';
import { gather } from '../../../server/store/gather.ts';

describe('rounds', () => {
  afterEach(() => vi.useRealTimers());

  test('calls of one moment share a round and get their own answers', async () => {
    const rounds: number[][] = [];
    const double = gather(async (inputs: readonly number[]) => {
      rounds.push([...inputs]);
      return inputs.map((input) => input * 2);
    });
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
    expect(rounds).toEqual([[1, 2, 3]]);
  });

  test('calls made meanwhile wait for the next round, and no round is larger than 64', async () => {
    const sizes: number[] = [];
    const more: Promise<number>[] = [];
    const ask = gather(async (inputs: readonly number[]) => {
      sizes.push(inputs.length);
      if (sizes.length === 1) more.push(...Array.from({ length: 100 }, (_, input) => ask(input)));
      return inputs;
    });
    await ask(0);
    await Promise.all(more);
    expect(sizes).toEqual([1, 64, 36]);
  });

  test('what is wrong with one call stays its own', async () => {
    const half = gather(async (inputs: readonly number[]) => {
      if (inputs.includes(0)) throw new RangeError('nothing to halve');
      return inputs.map((input) => input / 2);
    });
    const answers = await Promise.allSettled([2, 0, 4].map(half));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await half(8)).toBe(4);
  });

  test('a call that loses a deadlock is made again, alone or with others', async () => {
    let tries = 0;
    const ask = gather(async (inputs: readonly number[]) => {
      tries += 1;
      if (tries <= 2) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return inputs;
    });
    expect(await Promise.all([1, 2].map(ask))).toEqual([1, 2]);
    tries = 0;
    expect(await ask(3)).toBe(3);
  });

  test('a call that loses every deadlock is given up', async () => {
    let tries = 0;
    const ask = gather(async (_inputs: readonly number[]) => {
      tries += 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await expect(ask(1)).rejects.toThrow('deadlock detected');
    expect(tries).toBe(4);
  });

  test('with the database out of reach a round fails as a whole, and is not tried call by call', async () => {
    let tries = 0;
    const ask = gather(async (_inputs: readonly number[]) => {
      tries += 1;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    });
    const answers = await Promise.allSettled([1, 2, 3].map(ask));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
  });

  test('two of one name never share a round', async () => {
    const rounds: string[][] = [];
    const ask = gather(
      async (inputs: readonly string[]) => {
        rounds.push([...inputs]);
        return inputs;
      },
      (name) => name,
    );
    await Promise.all(['a', 'a', 'b', 'a'].map(ask));
    expect(rounds).toEqual([['a', 'b'], ['a'], ['a']]);
  });

  test('with the database out of reach, who waits for the next round is refused with this one', async () => {
    const round = Promise.withResolvers<(reason: Error) => void>();
    const ask = gather(
      (_inputs: readonly number[]) => new Promise<number[]>((_resolve, reject) => round.resolve(reject)),
    );
    const first = ask(1);
    const fail = await round.promise;
    const second = ask(2);
    fail(new OutageError('database does not answer; refusing requests until it does'));
    const answers = await Promise.allSettled([first, second]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('more than 512 do not wait, nor does anybody for longer than a second and a half', async () => {
    const round = Promise.withResolvers<void>();
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    const ask = gather((_inputs: readonly number[]) => {
      round.resolve();
      return new Promise<number[]>(() => {});
    });
    void ask(0);
    await round.promise;
    let refused = 0;
    const waiting = Array.from({ length: 512 }, (_, input) => ask(input));
    for (const one of waiting) one.catch(() => (refused += 1));
    await expect(ask(513)).rejects.toThrow(OutageError);
    await vi.advanceTimersByTimeAsync(1_400);
    expect(refused, 'who was there before').toBe(0);
    await vi.advanceTimersByTimeAsync(350);
    const answers = await Promise.allSettled(waiting);
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  });

  describe('is behind', () => {
    /** Calls that wait while a round is under way. */
    async function waiting(inputs: readonly string[]) {
      vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
      const begun = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<void>();
      const ask = gather(
        async (round: readonly string[]) => {
          begun.resolve();
          await ended.promise;
          return round;
        },
        (name) => name,
      );
      const first = ask('first');
      await begun.promise;
      const answers = inputs.map(ask);
      const end = () => {
        ended.resolve();
        return Promise.all([first, ...answers]);
      };
      return { ask, end };
    }
    const different = (count: number) => Array.from({ length: count }, (_, place) => `call ${place}`);

    test('when a whole round has waited for half a second, until it is answered', async () => {
      const { ask, end } = await waiting(different(64));
      expect(ask.isBehind()).toBe(false);
      vi.advanceTimersByTime(499);
      expect(ask.isBehind()).toBe(false);
      vi.advanceTimersByTime(2);
      expect(ask.isBehind()).toBe(true);
      await end();
      expect(ask.isBehind()).toBe(false);
    });

    test('not by fewer, however long they wait', async () => {
      const { ask, end } = await waiting(different(63));
      vi.advanceTimersByTime(1_400);
      expect(ask.isBehind()).toBe(false);
      await end();
    });

    test('not by many calls that change the same', async () => {
      const { ask, end } = await waiting([...Array(300).fill('one'), ...different(40)]);
      vi.advanceTimersByTime(1_400);
      expect(ask.isBehind()).toBe(false);
      await end();
    });
  });
});
