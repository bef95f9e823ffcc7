import { describe, expect, test } from 'vitest';
import { codeView, initialState, reduceToken } from '../../../components/token-state.ts';
import type { TokenStatus } from '../../../core/api/bank.ts';
import { stepAt } from '../../../core/otp/totp.ts';
import type { TokenStanding } from '../../../core/transaction/confirmations.ts';
import { startedAt, type TokenSummary } from '../../../core/vault/token.ts';
import { aToken } from './tokens.ts';

/** What the code's screen shows of a token by how it stands: as was kept, and as its service says now. */

const NOW = Date.UTC(2026, 10, 21, 0, 0, 10);
const CODE = '12345678';

function view(token: TokenSummary, said?: Partial<TokenStanding>) {
  const codes = [{ step: stepAt(NOW, token.parameters), code: CODE }];
  const opened = { id: token.id, codes } as const;
  const loaded = { kind: 'loaded', tokens: [token], selectedId: token.id, unkept: false, opened } as const;
  const state = reduceToken(initialState(NOW), loaded);
  if (said === undefined) return codeView(state);
  const standing = { tokenId: token.id, status: 'active', expiresAt: token.expiresAt, ...said } as const;
  return codeView(reduceToken(state, { kind: 'stands', standings: [standing] }));
}

describe('a token that its customer made', () => {
  const made = (bindBy: number, status?: TokenStatus) =>
    aToken({ kind: 'serial', bindBy, ...(status && { status }) });

  test('waits to be registered, and says so until it is; then it has its 利用開始日', () => {
    const waiting = made(NOW + 1);
    for (const shown of [view(waiting), view(waiting, { status: 'enrolled' })]) {
      expect(shown).toMatchObject({ registration: 'waiting', code: CODE });
      expect(startedAt(shown?.token ?? aToken())).toBeUndefined();
    }
    const registered = view(waiting, { activatedAt: NOW });
    expect(registered).toMatchObject({ registration: undefined, over: false, code: CODE });
    expect(startedAt(registered?.token ?? aToken())).toBe(NOW);
  });

  test.each([undefined, 'enrolled'] as const)(
    'keeps its code after that time until the service has said that it was not registered (kept: %s)',
    (status) => {
      const late = made(NOW, status);
      expect(view(late)).toMatchObject({ registration: 'unheard', code: CODE });
      expect(view(late, {})).toMatchObject({ registration: undefined, code: CODE });
      for (const said of ['enrolled', 'void'] as const)
        expect(view(late, { status: said })).toMatchObject({ registration: 'lapsed', code: undefined });
    },
  );

  test('and did not register in time shows no code, offline either', () => {
    expect(view(made(NOW, 'void'))).toMatchObject({ registration: 'lapsed', over: false, code: undefined });
  });
});

test.each(['locked', 'suspended'] as const)('%s, a token shows no code, offline either', (status) => {
  expect(view(aToken({ status }))).toMatchObject({ stopped: true, heard: false, code: undefined });
  expect(view(aToken(), { status })).toMatchObject({ stopped: true, heard: true, code: undefined });
  expect(view(aToken({ status }), {})).toMatchObject({ stopped: false, code: CODE });
});

test('what a service has said is known of its token on every screen, also once an older vault was read', () => {
  const [old, other] = [aToken({ status: 'active' }), aToken({ id: 'two' })];
  const loaded = {
    kind: 'loaded',
    tokens: [old, other],
    selectedId: 'two',
    unkept: false,
    opened: undefined,
  } as const;
  const standings = [{ tokenId: 'one', status: 'released', expiresAt: NOW }] as const;
  const state = reduceToken(reduceToken(initialState(NOW), loaded), { kind: 'stands', standings });
  for (const { tokens } of [state, reduceToken(state, loaded)])
    expect(tokens).toEqual([{ ...old, status: 'released', expiresAt: NOW }, other]);
});

test.each(['released', 'void'] as const)('%s, a token shows no code, offline either', (status) => {
  expect(view(aToken({ status }))).toMatchObject({ over: true, heard: false, code: undefined });
  expect(view(aToken(), { status })).toMatchObject({ over: true, heard: true, code: undefined });
  expect(view(aToken())).toMatchObject({ over: false, code: CODE });
});
