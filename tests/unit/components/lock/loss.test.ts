import { describe, expect, test } from 'vitest';
import { emptyInbox, reduceInbox } from '../../../../components/confirm/inbox.ts';
import { lossOf } from '../../../../components/lock/loss.ts';
import { initialState, isLocked, reduceToken } from '../../../../components/token-state.ts';
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

describe('a vault that is locked while it is on screen', () => {
  test('takes tokens and codes off it', () => {
    const opened = { kind: 'open', id: 'one', codes: [{ step: 1, code: '12345678' }] } as const;
    const shown = reduceToken(initialState(0), {
      kind: 'loaded',
      tokens: [aToken()],
      selectedId: 'one',
      opened,
    });
    const locked = reduceToken(shown, { kind: 'failed', failure: 'locked' });
    expect(isLocked(locked)).toBe(true);
    expect(locked).toMatchObject({ tokens: [], selectedId: undefined, opened: undefined });
    expect(isLocked(reduceToken(shown, { kind: 'failed', failure: 'corrupt' }))).toBe(false);
  });

  test('leaves of the confirmations how many wait', () => {
    const answer = { confirmations: [], failed: ['senpoku'], concealed: 2 };
    expect(reduceInbox(emptyInbox, { kind: 'answered', answer }).answer).toEqual(answer);
  });
});
