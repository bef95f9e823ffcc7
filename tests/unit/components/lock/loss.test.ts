import { h } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test } from 'vitest';
import { emptyInbox, reduceInbox } from '../../../../components/confirm/inbox.ts';
import { lossOf, useLoss } from '../../../../components/lock/loss.ts';
import { initialState, isLocked, reduceToken } from '../../../../components/token-state.ts';
import type { Lock } from '../../../../core/vault/lock.ts';
import { draw } from '../draw.ts';
import { aToken } from '../tokens.ts';

const WIPED = { at: 0, institutions: ['senpoku'] };

describe('what became of the tokens', () => {
  test('nothing, where there are some', () => {
    expect(lossOf([aToken()], ['other'], WIPED)).toEqual({ kind: 'none', institutions: ['senpoku'] });
  });

  test('nothing, where there never were any or they were removed', () => {
    expect(lossOf([], [], undefined)).toEqual({ kind: 'none', institutions: [] });
  });

  test('lost, where they are remembered and gone', () => {
    expect(lossOf([], ['senpoku'], undefined)).toEqual({ kind: 'lost', institutions: ['senpoku'] });
  });

  test('wiped, which is no loss nobody knows of', () => {
    expect(lossOf([], ['senpoku', 'akita'], WIPED)).toEqual({ kind: 'wiped', institutions: ['senpoku'] });
  });
});

describe('what is remembered of the tokens', () => {
  async function toldOf(tokens: readonly ReturnType<typeof aToken>[], remembered: readonly string[]) {
    const told: (readonly string[])[] = [];
    const reminder = {
      remembered: () => remembered,
      remember: (all: readonly string[]) => void told.push(all),
    };
    const lock = { state: () => Promise.reject(new Error('none')) } as unknown as Lock;
    const Page = () => {
      useLoss({ lock, reminder }, { kind: 'ready' }, tokens);
      return null;
    };
    await act(() => void draw(h(Page, {})));
    return told;
  }

  test('is told again at each start, also that the last was removed', async () => {
    expect(await toldOf([aToken()], ['senpoku'])).toEqual([['senpoku']]);
    expect(await toldOf([], [])).toEqual([[]]);
  });

  test('stays where they are gone and nobody removed them', async () => {
    expect(await toldOf([], ['senpoku'])).toEqual([]);
  });
});

describe('a vault that is locked while it is on screen', () => {
  test('takes tokens and codes off it', () => {
    const opened = { id: 'one', codes: [{ step: 1, code: '12345678' }] } as const;
    const shown = reduceToken(initialState(0), {
      kind: 'loaded',
      unkept: false,
      tokens: [aToken()],
      selectedId: 'one',
      opened,
    });
    const locked = reduceToken(shown, { kind: 'failed', failure: 'locked' });
    expect(isLocked(locked)).toBe(true);
    expect(locked).toMatchObject({ tokens: [], selectedId: undefined, opened: undefined });
    expect(isLocked(reduceToken(shown, { kind: 'failed', failure: 'corrupt' }))).toBe(false);
  });

  test.each([2, 'perhaps'] as const)('leaves of the confirmations how many wait: %s', (concealed) => {
    const answer = { confirmations: [], failed: ['senpoku'], concealed };
    expect(reduceInbox(emptyInbox, { kind: 'answered', answer }).answer).toEqual(answer);
  });
});
