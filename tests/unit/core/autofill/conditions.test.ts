import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateInput } from '../../../../core/autofill/asking.ts';
import {
  CONFIRMATION_CONDITIONS,
  confirmationCase,
  PASSWORD_CONDITIONS,
  passwordCase,
  SENDER_CONDITIONS,
} from '../../../../core/autofill/conditions.ts';
import { decideRelease } from '../../../../core/autofill/gate.ts';
import { ELSEWHERE, FITTING, HEADING, INSTITUTION, NOW, SECOND, TOKEN } from './gate-example.ts';
import { UNCONFIRMED } from './gate-refusals.ts';

/** For each condition, a change after which it does not hold, and which leaves those before it alone. */
const BREAKS = {
  'own extension': ({ sender, ...rest }: GateInput) => ({
    ...rest,
    sender: { ...sender, extensionId: 'another' },
  }),
  'exact origin': ({ sender, ...rest }: GateInput) => ({
    ...rest,
    sender: { ...sender, origin: 'https://evil.example' },
  }),
  'a tab': ({ sender, ...rest }: GateInput) => ({ ...rest, sender: { ...sender, tabId: undefined } }),
  'top frame, or one that the directory allows': ({ sender, ...rest }: GateInput) => ({
    ...rest,
    sender: { ...sender, frameId: 3 },
  }),
  'a document': ({ sender, ...rest }: GateInput) => ({
    ...rest,
    sender: { ...sender, documentId: undefined },
  }),
  'one institution on the origin': ({ request, ...rest }: GateInput) => ({
    ...rest,
    request: { ...request, text: `金融機関コード 9905\n${HEADING}\n振込（取引認証）` },
  }),
  'a screen of the family': ({ request, ...rest }: GateInput) => ({
    ...rest,
    request: { ...request, screen: 'BFT003' },
  }),
  'an unlocked vault': (input: GateInput) => ({ ...input, locked: true }),
  'a token': (input: GateInput) => ({ ...input, tokens: [ELSEWHERE] }),
  'an institution that takes codes here': (input: GateInput) => ({
    ...input,
    institutions: [{ ...INSTITUTION, login: ['signed' as const] }],
    askedByCustomer: true,
  }),
  'an institution that prefers codes here, or asked by the customer': (input: GateInput) => ({
    ...input,
    institutions: [{ ...INSTITUTION, login: ['signed' as const, 'code' as const] }],
  }),
  'a service that has said which tokens are registered': (input: GateInput) => ({
    ...input,
    tokens: [{ ...TOKEN, kind: 'serial' as const, bindBy: NOW }],
  }),
  'one token, or a chosen one': (input: GateInput) => ({ ...input, tokens: [TOKEN, SECOND] }),
  'automatic, or asked by the customer': (input: GateInput) => ({ ...input, onRequest: [TOKEN.id] }),
  'a form that says how it sends, or asked by the customer': ({ request, ...rest }: GateInput) => ({
    ...rest,
    request: { ...request, askFirst: 'form-method' as const },
  }),
  'not filled on this screen before, or asked by the customer': (input: GateInput) => ({
    ...input,
    filledScreens: ['BLI023', 'BFT003'],
  }),
  'room in each field': ({ request, ...rest }: GateInput) => ({
    ...rest,
    request: { ...request, maxLength: 7 },
  }),
  'a sane clock': (input: GateInput) => ({ ...input, offsetMs: undefined }),
  'a token not expired': (input: GateInput) => ({ ...input, deviceMs: TOKEN.expiresAt }),
  'a token of which codes are taken': (input: GateInput) => ({
    ...input,
    tokens: [{ ...TOKEN, status: 'released' as const }],
  }),
};
const NAMED = PASSWORD_CONDITIONS.map(({ name, refusal }) => ({
  name,
  refusal,
  spoil: Object.entries(BREAKS).find(([of]) => of === name)?.[1] ?? ((input: GateInput) => input),
}));

describe('the conditions', () => {
  test('are these, in this order', () => {
    expect(NAMED.map(({ name }) => name)).toEqual(Object.keys(BREAKS));
    expect(PASSWORD_CONDITIONS.slice(0, SENDER_CONDITIONS.length)).toEqual(SENDER_CONDITIONS);
    expect(CONFIRMATION_CONDITIONS.slice(0, SENDER_CONDITIONS.length)).toEqual(SENDER_CONDITIONS);
  });

  test.each(NAMED)('$name: where it alone fails, nothing is released', ({ name, refusal, spoil }) => {
    const spoilt = spoil(FITTING);
    expect(decideRelease(spoilt)).toEqual({ kind: 'refuse', reason: refusal });
    const failing = PASSWORD_CONDITIONS.find((condition) => !condition.holds(passwordCase(spoilt)));
    expect(failing?.name).toBe(name);
  });

  test('of any that fail, the first says why', () => {
    fc.assert(
      fc.property(fc.subarray(NAMED, { minLength: 1 }), (failing) => {
        const input = failing.reduceRight((spoilt, { spoil }) => spoil(spoilt), FITTING);
        return isDeepStrictEqual(decideRelease(input), { kind: 'refuse', reason: failing[0]?.refusal });
      }),
    );
  });

  test.each(CONFIRMATION_CONDITIONS)('of a confirmation code: $name fails somewhere', ({ name }) => {
    const first = UNCONFIRMED.map(
      ({ input }) => CONFIRMATION_CONDITIONS.find((one) => !one.holds(confirmationCase(input)))?.name,
    );
    expect(first).toContain(name);
  });
});
