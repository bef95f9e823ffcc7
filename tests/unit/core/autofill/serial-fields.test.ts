import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateInput } from '../../../../core/autofill/asking.ts';
import { decideRelease } from '../../../../core/autofill/gate.ts';
import { type FieldFacts, recognise } from '../../../../core/autofill/recognise.ts';
import { SCREENS, type ScreenRule, screensOf } from '../../../../core/autofill/screens.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { FITTING, INSTITUTION, NOW, TOKEN } from './gate-example.ts';

/** Screens that take a シリアル番号 and codes of one token or of two, each in its field. */

const BANK = { ...INSTITUTION, family: 'SHINKIN', tokenKind: 'serial' } as const;
const HOUR = 60 * 60_000;

const token = (id: string, more: Partial<TokenSummary> = {}): TokenSummary => ({
  ...TOKEN,
  id,
  kind: 'serial',
  serial: `${id.toUpperCase()}23456`,
  parameters: { algorithm: 'SHA-1', digits: 6, period: 30 },
  expiresAt: NOW + HOUR,
  ...more,
});
const IN_USE = token('used');
const NEW = token('made', { bindBy: NOW + HOUR });
const LAPSED = token('late', { bindBy: NOW });

const screen = (name: 'login' | 'register' | 'replace' | 'stop') =>
  ({ login: 'SLI001', register: 'SOT001', replace: 'SOR001', stop: 'SOS001' })[name];

const asked = (
  name: Parameters<typeof screen>[0],
  tokens: readonly TokenSummary[],
  more: Partial<GateInput> = {},
) =>
  decideRelease({
    ...FITTING,
    institutions: [BANK],
    request: {
      type: 'fill.request',
      screen: screen(name),
      maxLength: 6,
      beside: [{ maxLength: 24 }, { maxLength: 6 }],
    },
    tokens,
    unbound: tokens.filter(({ bindBy = 0 }) => bindBy > NOW).map(({ id }) => id),
    ...more,
  });

describe('登録', () => {
  test('takes code and serial of the token that is to be registered, whatever else is in use', () => {
    const released = { kind: 'release', token: NEW, beside: [{ gives: 'serial', token: NEW }], timeMs: NOW };
    expect(asked('register', [NEW])).toEqual(released);
    expect(asked('register', [IN_USE, NEW])).toEqual(released);
    expect(asked('register', [IN_USE, NEW, LAPSED], { selected: IN_USE.id })).toEqual(released);
  });

  test.each([
    ['the one in use is there alone', [IN_USE]],
    ['it was not registered in time', [LAPSED]],
  ])('gets nothing where %s', (_what, tokens) => {
    expect(asked('register', tokens)).toEqual({ kind: 'refuse', reason: 'no-token' });
  });

  test('of two that were made the chosen one is meant', () => {
    const other = token('more', { bindBy: NOW + HOUR });
    expect(asked('register', [NEW, other])).toEqual({ kind: 'refuse', reason: 'several-tokens' });
    expect(asked('register', [NEW, other], { selected: other.id })).toMatchObject({ token: other });
  });
});

describe('交換', () => {
  test('takes the code of the one in use, and serial and code of the new one', () => {
    expect(asked('replace', [IN_USE, NEW])).toEqual({
      kind: 'release',
      token: IN_USE,
      beside: [
        { gives: 'serial', token: NEW },
        { gives: 'code', token: NEW },
      ],
      timeMs: NOW,
    });
  });

  test.each([
    ['exchanged or stopped before', { status: 'released' }],
    ['suspended', { status: 'suspended' }],
    ['void', { status: 'void' }],
    ['past its 有効期限', { expiresAt: NOW }],
  ] as const)('a token that is %s is not taken for the one in use, chosen or not', (_what, how) => {
    const over = token('over', how);
    const now = { ...IN_USE, status: 'active' } as const;
    for (const selected of [over.id, NEW.id, now.id]) {
      expect(asked('replace', [over, now, NEW], { selected })).toMatchObject({ kind: 'release', token: now });
      for (const name of ['login', 'stop'] as const) {
        expect(asked(name, [over, now, NEW], { selected })).toMatchObject({ token: now });
      }
    }
  });

  test('leaves alone what another app or a hardware token has to give', () => {
    expect(asked('replace', [NEW])).toEqual({
      kind: 'release',
      beside: [
        { gives: 'serial', token: NEW },
        { gives: 'code', token: NEW },
      ],
      timeMs: NOW,
    });
    expect(asked('replace', [IN_USE])).toEqual({
      kind: 'release',
      token: IN_USE,
      beside: [{ gives: 'serial' }, { gives: 'code' }],
      timeMs: NOW,
    });
  });

  test('whatever tokens there are: a code of one in use goes into no field for a new one, nor the other way round', () => {
    const tokens = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        bindBy: fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 })),
      }),
    );
    const selected = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined });
    const names = fc.constantFrom('login', 'register', 'replace', 'stop');
    fc.assert(
      fc.property(names, tokens, selected, (name, some, chosen) => {
        const there = some.map(({ id, bindBy }) => token(id, bindBy === null ? {} : { bindBy }));
        const decision = asked(name, there, { selected: chosen });
        if (decision.kind === 'refuse') return true;
        const isInUse = (one: TokenSummary | undefined) => one?.bindBy === undefined;
        const isNew = (one: TokenSummary | undefined) => one === undefined || (one.bindBy ?? 0) > NOW;
        const first = name === 'register' ? isNew(decision.token) : isInUse(decision.token);
        return first && (decision.beside ?? []).every((field) => isNew(field.token));
      }),
    );
  });
});

describe('ログイン and 利用中止', () => {
  test.each(['login', 'stop'] as const)('%s takes the code of the one in use alone', (name) => {
    expect(asked(name, [NEW, IN_USE], { selected: NEW.id })).toEqual({
      kind: 'release',
      token: IN_USE,
      timeMs: NOW,
    });
    expect(asked(name, [NEW])).toEqual({ kind: 'refuse', reason: 'no-token' });
  });

  test.each(['released', 'void'] as const)('%s, it gives no code even where it is alone', (status) => {
    expect(asked('login', [{ ...IN_USE, status }])).toEqual({ kind: 'refuse', reason: 'token-over' });
  });
});

describe('a token of which its service has not said how it stands', () => {
  const unheard = { kind: 'refuse', reason: 'unheard' };

  test('is taken for no new one', () => {
    for (const name of ['register', 'replace'] as const) {
      expect(asked(name, [IN_USE, NEW], { unbound: [] })).toEqual(unheard);
      expect(asked(name, [NEW], { unbound: [] })).toEqual(unheard);
      expect(asked(name, [IN_USE, NEW], { unbound: [NEW.id] })).toMatchObject({ kind: 'release' });
    }
  });

  test('does not stand in for one that was heard of, chosen or not', () => {
    const other = token('more', { bindBy: NOW + HOUR });
    expect(asked('register', [NEW, other], { unbound: [NEW.id], selected: other.id })).toEqual(unheard);
  });

  test('may be the one in use, where no other is', () => {
    expect(asked('login', [LAPSED])).toEqual(unheard);
    expect(asked('login', [NEW], { unbound: [] })).toEqual(unheard);
    expect(asked('login', [NEW, IN_USE], { unbound: [] })).toMatchObject({ token: IN_USE });
    expect(asked('login', [{ ...LAPSED, status: 'void' }])).toEqual({ kind: 'refuse', reason: 'no-token' });
  });
});

test('each field has room for what goes there, or nothing goes anywhere', () => {
  const request = { type: 'fill.request', screen: screen('replace'), maxLength: 6 } as const;
  const fits = [{ maxLength: 10 }, { maxLength: 6, boxes: 6 }];
  const on = (...beside: (typeof fits)[number][]) =>
    asked('replace', [IN_USE, NEW], { request: { ...request, beside } });
  expect(on(...fits)).toMatchObject({ kind: 'release' });
  const changed = { kind: 'refuse', reason: 'field-changed' };
  expect(on(...fits.with(0, { maxLength: 8 }))).toEqual(changed);
  expect(on(...fits.with(1, { maxLength: 5 }))).toEqual(changed);
  expect(on(...fits.with(1, { maxLength: 8, boxes: 8 }))).toEqual(changed);
  expect(on(...fits.slice(0, 1))).toEqual(changed);
  // What is left alone needs no room.
  expect(asked('replace', [IN_USE], { request })).toMatchObject({ kind: 'release' });
});

test('each of the tokens has to fill by itself and to be valid', () => {
  expect(asked('replace', [IN_USE, NEW], { onRequest: [NEW.id] })).toEqual({
    kind: 'refuse',
    reason: 'on-request',
  });
  expect(asked('replace', [IN_USE, { ...NEW, expiresAt: NOW }])).toEqual({
    kind: 'refuse',
    reason: 'token-expired',
  });
});

describe('a page', () => {
  const rules = screensOf(BANK).filter(({ beside }) => beside.length > 0);
  const fieldsOf = ({ labels, beside }: ScreenRule): FieldFacts[] => [
    { label: labels[0] ?? '', maxLength: 6 },
    ...beside.map((field) => ({
      label: field.labels[0] ?? '',
      maxLength: field.gives === 'serial' ? 24 : 6,
    })),
  ];
  const read = (rule: ScreenRule, fields: readonly FieldFacts[]) =>
    recognise({ idText: '', headings: rule.headings.slice(0, 1), fields }, SCREENS);

  test.each(rules)('$id has each field by its own name, in any order', (rule) => {
    const fields = fieldsOf(rule);
    const [field, ...beside] = fields;
    expect(read(rule, fields.toReversed())).toEqual({ kind: 'recognised', screen: rule.id, field, beside });
  });

  test.each(rules)('$id that lacks one of them, or has one twice, is none', (rule) => {
    const fields = fieldsOf(rule);
    for (const [at, field] of fields.entries()) {
      expect(read(rule, fields.toSpliced(at, 1))).toMatchObject({ kind: 'unrecognised', reason: 'field' });
      expect(read(rule, [...fields, field])).toMatchObject({
        kind: 'unrecognised',
        reason: 'several-fields',
      });
    }
  });

  test.each(rules)('$id without room for a シリアル番号, or with boxes for it, is none', (rule) => {
    const named = fieldsOf(rule);
    const serials = rule.beside.filter(({ gives }) => gives === 'serial').flatMap(({ labels }) => labels);
    for (const change of [{ maxLength: 9 }, { boxes: 6 }]) {
      const fields = named.map((field) => (serials.includes(field.label) ? { ...field, ...change } : field));
      expect(read(rule, fields)).toMatchObject({ kind: 'unrecognised', reason: 'field' });
    }
  });

  test('次のワンタイムパスワード, the positions of a password and what stands beside them get nothing', () => {
    const [register] = rules;
    if (!register) throw new Error('no rule');
    const others = ['次のワンタイムパスワード', '資金移動用パスワード', '8', '9', '契約者ID（利用者番号）'];
    const fields = [...fieldsOf(register), ...others.map((label) => ({ label, maxLength: 8 }))];
    expect(read(register, fields)).toMatchObject({ field: fields[0], beside: [fields[1]] });
  });
});
