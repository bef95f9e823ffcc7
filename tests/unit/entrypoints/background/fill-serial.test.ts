import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { codeAt, importKey } from '../../../../core/otp/totp.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { clockKeeperOf, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { NO_APPROVALS } from './fake-approvals.ts';

/** What goes into screens that take a シリアル番号 and codes of two tokens. */

const claimed = new Set<string>();

vi.mock('../../../../platform/browser.ts', () => ({ browser: { runtime: { id: 'warifu' } } }));
vi.mock('../../../../platform/storage/filled.ts', () => ({
  claimStep: async (tokenId: string, step: number) => {
    const place = `${tokenId} ${step}`;
    const free = !claimed.has(place);
    claimed.add(place);
    return free;
  },
}));

const { institution } = await FakeService.start();
const BANK = { ...institution, family: 'SHINKIN', tokenKind: 'serial' };
vi.stubGlobal('__WARIFU_INSTITUTIONS__', [BANK]);
const { createFiller } = await import('../../../../entrypoints/background/fill.ts');

const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId: 'a document',
};
const OTP = { algorithm: 'SHA-1', digits: 6, period: 30 } as const;
const KEYS = {
  used: await importKey(new Uint8Array(32).fill(1), OTP),
  made: await importKey(new Uint8Array(32).fill(2), OTP),
};

const IN_USE: TokenSummary = { ...TOKEN, id: 'used', kind: 'serial', serial: '23456789AB', parameters: OTP };
const NEW: TokenSummary = { ...IN_USE, id: 'made', serial: 'CDEFGHJKMN', bindBy: NOW + 60_000 };

let tokens: TokenSummary[];
/** How often the service was asked how the tokens stand, and what it then turns out. */
let asked: number;
let turnsOut: TokenSummary[] | undefined;
/** Whether it answers. */
let answers: boolean;

function ask(screen: string) {
  const { keeper: clockKeeper } = clockKeeperOf({ offsetMs: 0, measuredAt: NOW });
  const filler = createFiller({
    approvals: NO_APPROVALS,
    vault: {
      list: async () => tokens,
      selected: async () => undefined,
      select: async () => undefined,
      openKey: async (id) => KEYS[id === 'used' ? 'used' : 'made'],
    },
    isLocked: async () => false,
    tokensOnRequest: async () => [],
    filledScreens: { of: async () => [] },
    grants: { heard: async () => undefined, take: async () => false, prolong: async () => undefined },
    clock: () => NOW,
    clockKeeper,
    pause: async () => undefined,
    desk: {
      ofInstitution: async () => ({ confirmations: [], failed: [] }),
      unboundOf: async () => {
        asked += 1;
        if (!answers) return [];
        tokens = turnsOut ?? tokens;
        return tokens.filter(({ bindBy = 0 }) => bindBy > NOW).map(({ id }) => id);
      },
      code: async () => ({ kind: 'none' }),
    },
  });
  const beside = [{ maxLength: 10 }, { maxLength: 6 }];
  return filler.fill({ type: 'fill.request', screen, maxLength: 6, beside }, SENDER);
}

beforeEach(() => {
  claimed.clear();
  tokens = [IN_USE, NEW];
  asked = 0;
  turnsOut = undefined;
  answers = true;
});

const codeOf = (id: keyof typeof KEYS) => codeAt(KEYS[id], OTP, NOW);

describe('what goes where', () => {
  test('登録: code and serial of the new one', async () => {
    expect(await ask('SOT001')).toEqual({
      kind: 'code',
      code: await codeOf('made'),
      beside: ['CDEFGHJKMN'],
    });
  });

  test('交換: the code of the one in use, serial and code of the new one', async () => {
    expect(await ask('SOR001')).toEqual({
      kind: 'code',
      code: await codeOf('used'),
      beside: ['CDEFGHJKMN', await codeOf('made')],
    });
  });

  test('交換 with a hardware token: nothing for its fields', async () => {
    tokens = [NEW];
    expect(await ask('SOR001')).toEqual({
      kind: 'code',
      code: '',
      beside: ['CDEFGHJKMN', await codeOf('made')],
    });
    claimed.clear();
    tokens = [IN_USE];
    expect(await ask('SOR001')).toEqual({ kind: 'code', code: await codeOf('used'), beside: ['', ''] });
  });

  test('a screen of one field: its code and nothing else', async () => {
    expect(await ask('SLI001')).toEqual({ kind: 'code', code: await codeOf('used') });
  });

  test('a code that one of them gave before is waited for', async () => {
    await ask('SLI001');
    expect(await ask('SOR001')).toEqual({ kind: 'wait', waitMs: expect.any(Number) });
  });
});

describe('a token that was registered a moment ago', () => {
  test('is known as that: the service is asked first', async () => {
    const { bindBy: _gone, ...registered } = NEW;
    tokens = [NEW];
    turnsOut = [registered];
    expect(await ask('SLI001')).toEqual({ kind: 'code', code: await codeOf('made') });
    expect(asked).toBe(1);
  });

  test('and it is not asked where none has to be', async () => {
    tokens = [IN_USE];
    await ask('SLI001');
    expect(asked).toBe(0);
  });

  test('may be so where the service does not answer: it is taken for no new one', async () => {
    answers = false;
    for (const screen of ['SOT001', 'SOR001'])
      expect(await ask(screen)).toEqual({ kind: 'refused', reason: 'unheard' });
    expect(await ask('SLI001')).toMatchObject({ kind: 'code' });
    tokens = [NEW];
    expect(await ask('SLI001')).toEqual({ kind: 'refused', reason: 'unheard' });
  });
});

describe('a token that was not registered in time', () => {
  const LAPSED = { ...NEW, id: 'late', bindBy: NOW };

  test('keeps no other waiting: its service is not asked', async () => {
    tokens = [IN_USE, LAPSED];
    expect(await ask('SLI001')).toEqual({ kind: 'code', code: await codeOf('used') });
    expect(asked).toBe(0);
  });

  test('is asked about while it may be the one in use, until it is known not to be', async () => {
    tokens = [LAPSED];
    await ask('SLI001');
    tokens = [{ ...LAPSED, status: 'void' }];
    expect(await ask('SLI001')).toEqual({ kind: 'refused', reason: 'no-token' });
    expect(asked).toBe(1);
  });
});
