import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideConfirmation, decideRelease } from '../../../../core/autofill/gate.ts';
import { screensOf } from '../../../../core/autofill/screens.ts';
import { fillRefusals, fillRequestSchema } from '../../../../core/messages/fill.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { TRANSFER } from '../transaction/example.ts';
import {
  asking,
  CONFIRMED,
  confirmed,
  confirming,
  ELSEWHERE,
  FITTING,
  from,
  having,
  INSTITUTION,
  NOW,
  ORIGIN,
  OTHER,
  PAGE,
  SECOND,
  showing,
  TOKEN,
} from './gate-example.ts';
import { UNCONFIRMED, UNFITTING } from './gate-refusals.ts';
import { UNSIGNED } from './sign-refusals.ts';

describe('a confirmation code', () => {
  test('is released where everything fits', () => {
    expect(decideConfirmation(CONFIRMED)).toEqual({ kind: 'release', confirmation: confirmed() });
  });

  test.each([
    ['the payee', PAGE.replace('ミホン タロウ 様', 'ミホ***')],
    ['the amount', PAGE.replace('150,000円', '***円')],
    ['either', PAGE.replace('ミホン タロウ 様', 'ミホ***').replace('150,000円', '***円')],
    ['anything but the number', '確認番号\n47'],
  ])('is released by the 確認番号 where %s cannot be read', (_what, page) => {
    expect(decideConfirmation(showing(page))).toEqual({ kind: 'release', confirmation: confirmed() });
  });

  test.each(UNCONFIRMED)('is refused for $because: $refusal', ({ input, refusal }) => {
    expect(decideConfirmation(input)).toEqual({ kind: 'refuse', reason: refusal });
  });

  test('C2: of several with one 確認番号, the transfer shown is meant', () => {
    const other = confirmed({ token: 'second', transaction: { ...TRANSFER, payee: 'ベツ ジン' } });
    expect(decideConfirmation(having(other, confirmed()))).toMatchObject({
      confirmation: { tokenId: TOKEN.id },
    });
  });
});

describe('a code', () => {
  test('is released where everything fits', () => {
    expect(decideRelease(FITTING)).toEqual({ kind: 'release', token: TOKEN, timeMs: NOW });
  });

  test.each(UNFITTING)('is refused for $because: $refusal', ({ input, refusal }) => {
    expect(decideRelease(input)).toEqual({ kind: 'refuse', reason: refusal });
  });

  test('every refusal has its test; the vault’s, of an approval and of a signature’s way are the background’s own', () => {
    const tested = [...UNFITTING, ...UNCONFIRMED, ...UNSIGNED].map(({ refusal }) => refusal);
    expect(new Set(tested)).toEqual(
      new Set(fillRefusals.filter((refusal) => !/^(vault|approval-.*|sign-.*)$/.test(refusal))),
    );
  });

  test('is released to every page origin and for every screen of the institution', () => {
    for (const origin of INSTITUTION.pageOrigins)
      expect(decideRelease(from({ origin })).kind).toBe('release');
    for (const { id, asks } of screensOf(INSTITUTION)) {
      expect(decideRelease(asking({ screen: id })).kind).toBe(asks === 'password' ? 'release' : 'refuse');
    }
  });

  test('goes only to an origin of the directory, letter for letter', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom(...INSTITUTION.pageOrigins)),
        (origin) => {
          const released = decideRelease(from({ origin })).kind === 'release';
          return released === INSTITUTION.pageOrigins.includes(origin);
        },
      ),
    );
  });
});

describe('a customer who asks', () => {
  const input = {
    ...asking({ askFirst: 'form-method' }),
    onRequest: [TOKEN.id],
    filledScreens: ['BLI023'],
  };
  const confirmation = { ...confirming({}), onRequest: [TOKEN.id] };

  test('has a screen filled again, by a token that fills on request, in a form that names no method', () => {
    expect(decideRelease({ ...input, askedByCustomer: true })).toMatchObject({
      kind: 'release',
      token: TOKEN,
    });
    expect(decideConfirmation({ ...confirmation, askedByCustomer: true })).toMatchObject({ kind: 'release' });
  });

  test('is not the page: a request that claims it is none, and counts for nothing', () => {
    const claiming = { ...FITTING.request, asked: 'customer', askedByCustomer: true };
    expect(fillRequestSchema(FITTING.request)).toBe(true);
    expect(fillRequestSchema(claiming)).toBe(false);
    expect(decideRelease({ ...input, request: claiming })).toEqual({ kind: 'refuse', reason: 'on-request' });
    const request = { ...confirmation.request, asked: 'customer', askedByCustomer: true };
    expect(decideConfirmation({ ...confirmation, request })).toEqual({
      kind: 'refuse',
      reason: 'on-request',
    });
  });

  test('changes nothing else: what is refused for another reason stays refused', () => {
    for (const { input: unfitting, refusal } of UNFITTING) {
      if (['on-request', 'form-method', 'already-filled', 'signature-first'].includes(refusal)) continue;
      expect(decideRelease({ ...unfitting, askedByCustomer: true })).toEqual({
        kind: 'refuse',
        reason: refusal,
      });
    }
  });
});

describe('frames', () => {
  test('of the page’s own origin are answered where the directory allows them', () => {
    const institutions = [OTHER, { ...INSTITUTION, frames: true }];
    const input = { ...from({ frameId: 3, topOrigin: ORIGIN }), institutions };
    expect(decideRelease(input).kind).toBe('release');
    expect(decideRelease({ ...from({}), institutions }).kind).toBe('release');
  });
});

describe('the しんきん family', () => {
  const institutions = [{ ...INSTITUTION, family: 'SHINKIN' as const }];

  test('has its own screens, and those of ANSER not', () => {
    const made: TokenSummary = { ...TOKEN, id: 'made', kind: 'serial', bindBy: NOW + 1000 };
    for (const { id } of screensOf({ family: 'SHINKIN' }).filter(({ asks }) => asks === 'password')) {
      const tokens = [TOKEN, made];
      const beside = [{ maxLength: -1 }, { maxLength: -1 }];
      expect(
        decideRelease({ ...asking({ screen: id, beside }), unbound: [made.id], institutions, tokens }).kind,
      ).toBe('release');
    }
    for (const { id } of screensOf(INSTITUTION)) {
      const refused = { kind: 'refuse', reason: 'screen-unknown' };
      expect(decideRelease({ ...asking({ screen: id }), institutions })).toEqual(refused);
    }
  });
});

describe('of several tokens', () => {
  test.each([TOKEN, SECOND])('the chosen one, $id, gives the code', (chosen) => {
    const input = { ...FITTING, tokens: [TOKEN, SECOND, ELSEWHERE], selected: chosen.id };
    expect(decideRelease(input)).toMatchObject({ kind: 'release', token: chosen });
  });

  test('one of the institution alone gives it, whatever is chosen elsewhere', () => {
    expect(decideRelease({ ...FITTING, selected: 'elsewhere' })).toMatchObject({ token: TOKEN });
  });
});

describe('the clock', () => {
  test('corrects the device’s: the code is for the service’s time', () => {
    const forever = { ...FITTING, tokens: [{ ...TOKEN, expiresAt: NOW * 2 }] };
    fc.assert(
      fc.property(fc.integer({ min: -1e10, max: 1e10 }), (offsetMs) => {
        const decision = decideRelease({ ...forever, offsetMs });
        return decision.kind === 'release' && decision.timeMs === NOW + offsetMs;
      }),
    );
  });
});

describe('有効期限', () => {
  test('at 08:59:59 in Japan the code goes out, at 09:00:00 by the service’s clock none does', () => {
    const end = Date.parse('2031-11-30T09:00:00+09:00');
    const at = (deviceMs: number, offsetMs = 0) =>
      decideRelease({ ...FITTING, tokens: [{ ...TOKEN, expiresAt: end }], deviceMs, offsetMs }).kind;
    expect([at(end - 1000), at(end - 1)]).toEqual(['release', 'release']);
    expect([at(end), at(end - 1000, 1000), at(end - 3_600_000, 3_600_000)]).not.toContain('release');
  });
});

describe('the field', () => {
  test.each([-1, 8, 9])('of maxlength %i takes the code', (maxLength) => {
    expect(decideRelease(asking({ maxLength })).kind).toBe('release');
  });

  test('of a box for each digit takes the code', () => {
    expect(decideRelease(asking({ maxLength: 8, boxes: 8 })).kind).toBe('release');
  });
});
