import { describe, expect, test } from 'vitest';
import {
  type DesktopPhase,
  namesOf,
  type PhonePhase,
  reduceDesktop,
  reducePhone,
  spacedCode,
  typedCode,
} from '../../../../components/pairing/pairing-state.ts';
import { SYMBOLS } from '../../../../core/pairing/symbols.ts';
import type { ComparedPairing, OfferedPairing, TakenPairing } from '../../../../core/vault/pairing.ts';

const never = () => new Promise<never>(() => undefined);
const symbols = SYMBOLS.slice(0, 6);
const OFFERED: OfferedPairing = {
  kind: 'offered',
  code: '12345678',
  address: 'https://token.example/#pair=12345678.x',
  until: 0,
  compared: never,
  leave: () => undefined,
};
const COMPARED: ComparedPairing = {
  kind: 'compared',
  phone: { form: 'companion', name: 'Chrome (Android)' },
  institutionName: '仙北信用組合',
  symbols,
  decided: never,
  agree: never,
};
const TAKEN: TakenPairing = {
  kind: 'taken',
  desktop: { form: 'extension', name: 'Firefox (Windows)' },
  symbols,
  decide: never,
};

describe('a code as typed', () => {
  test.each([
    ['12345678', '12345678'],
    ['1234-5678', '12345678'],
    [' 1234 5678 ', '12345678'],
    ['１２３４－５６７８', '12345678'],
    ['1234ー5678', '12345678'],
    ['1234567', undefined],
    ['123456789', undefined],
    ['1234567a', undefined],
    ['', undefined],
  ])('%s', (typed, code) => {
    expect(typedCode(typed)).toBe(code);
  });

  test('is shown in two groups', () => {
    expect(spacedCode('12345678')).toBe('1234 5678');
  });
});

test('the desktop offers itself, compares, waits for the phone', () => {
  let phase: DesktopPhase = { kind: 'offering' };
  phase = reduceDesktop(phase, OFFERED);
  expect(phase).toEqual({ kind: 'offered', offered: OFFERED });
  expect(reduceDesktop(phase, { kind: 'agreed' })).toBe(phase);
  phase = reduceDesktop(phase, COMPARED);
  expect(phase).toMatchObject({ kind: 'compared', agreed: false });
  expect(reduceDesktop(phase, { kind: 'agreed' })).toMatchObject({ kind: 'compared', agreed: true });
  expect(reduceDesktop(phase, { kind: 'refused', reason: 'expired' })).toEqual({
    kind: 'ended',
    reason: 'expired',
  });
});

describe('the phone', () => {
  const compared = [{ kind: 'taking' } as const, TAKEN].reduce<PhonePhase>(reducePhone, { kind: 'typing' });

  test('takes a code, compares, and is paired', () => {
    expect(compared).toEqual({ kind: 'compared', taken: TAKEN, sending: false });
    const sending = reducePhone(compared, { kind: 'deciding' });
    expect(sending).toMatchObject({ sending: true });
    expect(reducePhone(sending, { kind: 'paired' })).toEqual({ kind: 'paired', desktop: TAKEN.desktop.name });
    expect(reducePhone(sending, { kind: 'ended' })).toEqual({ kind: 'ended', reason: 'refused' });
  });

  test('after a lost answer the same can be said again; other refusals are final', () => {
    const lost = reducePhone(compared, { kind: 'refused', reason: 'unreachable' });
    expect(lost).toMatchObject({ kind: 'compared', sending: false, problem: 'unreachable' });
    expect(reducePhone(compared, { kind: 'refused', reason: 'expired' }).kind).toBe('ended');
    expect(reducePhone({ kind: 'taking' }, { kind: 'refused', reason: 'unreachable' }).kind).toBe('ended');
  });
});

test('symbols are read out in the language of the page', () => {
  expect(namesOf(symbols.slice(0, 2), 'ja')).toEqual(['いぬ', 'ねこ']);
  expect(namesOf(symbols.slice(0, 2), 'en')).toEqual(['dog', 'cat']);
});
