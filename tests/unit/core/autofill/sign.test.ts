import { describe, expect, test } from 'vitest';
import {
  PASSWORD_CONDITIONS,
  SENDER_CONDITIONS,
  SIGN_CONDITIONS,
  SIGNER_CONDITIONS,
  tokenCase,
} from '../../../../core/autofill/conditions.ts';
import { decideRelease, decideSignature, decideSigner } from '../../../../core/autofill/gate.ts';
import { screensOf } from '../../../../core/autofill/screens.ts';
import { FITTING, INSTITUTION, NOW, TOKEN } from './gate-example.ts';
import { SIGNABLE, UNSIGNED } from './sign-refusals.ts';

describe('a signature', () => {
  test('is given where everything fits', () => {
    const given = { kind: 'sign', token: TOKEN, use: 'verify', timeMs: NOW };
    expect(decideSignature(SIGNABLE)).toMatchObject(given);
    expect(decideSigner(SIGNABLE)).toMatchObject(given);
  });

  test.each(UNSIGNED)('is refused for $because: $refusal', ({ input, refusal }) => {
    expect(decideSignature(input)).toEqual({ kind: 'refuse', reason: refusal });
  });

  test.each(SIGN_CONDITIONS)('of its conditions, $name fails somewhere', ({ name }) => {
    const first = UNSIGNED.map(({ input }) => {
      const of = { ...input, ...tokenCase(input) };
      return SIGN_CONDITIONS.find((one) => !one.holds(of))?.name;
    });
    expect(first).toContain(name);
  });

  test('has the conditions of a code on sender, screen, vault, token and time, not its own', () => {
    expect(SIGNER_CONDITIONS.slice(0, SENDER_CONDITIONS.length)).toEqual(SENDER_CONDITIONS);
    const shared = PASSWORD_CONDITIONS.filter((one) => SIGNER_CONDITIONS.some((other) => other === one));
    expect(PASSWORD_CONDITIONS.filter((one) => !shared.includes(one)).map(({ refusal }) => refusal)).toEqual([
      'signature-only',
      'signature-first',
      'form-method',
      'already-filled',
      'field-changed',
    ]);
    expect(SIGN_CONDITIONS.slice(0, SIGNER_CONDITIONS.length)).toEqual(SIGNER_CONDITIONS);
  });

  test('is asked for on three screens, each for its own use', () => {
    const signing = screensOf(INSTITUTION).filter(({ signs }) => signs !== undefined);
    expect(signing.map(({ id, signs }) => [id, signs])).toEqual([
      ['BLI023', 'verify'],
      ['BOK001', 'activate'],
      ['BOS001', 'release'],
    ]);
    for (const { id, signs } of signing) {
      const waiting = SIGNABLE.waiting.map((one) => ({ ...one, use: signs ?? 'verify' }));
      const decided = decideSignature({ ...SIGNABLE, request: { screen: id }, waiting });
      expect(decided).toMatchObject({ kind: 'sign', use: signs });
    }
  });

  test('of a token that acts on request is given where the customer asks', () => {
    const onRequest = [TOKEN.id];
    expect(decideSignature({ ...SIGNABLE, onRequest, askedByCustomer: true }).kind).toBe('sign');
  });
});

describe('a code, at an institution that prefers signatures,', () => {
  const institutions = [{ ...INSTITUTION, login: ['signed' as const, 'code' as const] }];

  test('is filled where the customer asks, and by itself where it prefers codes', () => {
    expect(decideRelease({ ...FITTING, institutions, askedByCustomer: true }).kind).toBe('release');
    const codeFirst = [{ ...INSTITUTION, login: ['code' as const, 'signed' as const] }];
    expect(decideRelease({ ...FITTING, institutions: codeFirst }).kind).toBe('release');
  });

  test('is filled by itself on a screen that takes no signature', () => {
    const request = { ...FITTING.request, screen: 'BOU001' };
    for (const login of [['signed' as const, 'code' as const], ['signed' as const]])
      expect(decideRelease({ ...FITTING, institutions: [{ ...INSTITUTION, login }], request }).kind).toBe(
        'release',
      );
  });
});
