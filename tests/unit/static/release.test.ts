import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GateInput } from '../../../core/autofill/asking.ts';
import { decideRelease } from '../../../core/autofill/gate.ts';
import { type PageFacts, recognise } from '../../../core/autofill/recognise.ts';
import { screensOf } from '../../../core/autofill/screens.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import { SENPOKU } from '../../institutions.ts';

/** The whole way of a code, from what a page shows to its release: nothing leaves unless every condition holds. */

const NOW = 1_795_249_200_000;
const serviceKey = { kty: 'EC', crv: 'P-256', x: '', y: '' } as const;
const institution = { ...SENPOKU, policy: policyOf(SENPOKU), serviceKey };
const [ORIGIN = ''] = institution.pageOrigins;

const TOKEN = {
  id: 'own',
  institution: institution.key,
  institutionName: institution.name,
  suffix: '',
  serial: '123456789',
  userId: '123456789012',
  parameters: institution.otp,
  enrolledAt: 0,
  expiresAt: NOW + 60_000,
};
const ELSEWHERE = { ...TOKEN, id: 'elsewhere', institution: 'akita' };
const SECOND = { ...TOKEN, id: 'second' };

interface Choice<T> {
  readonly value: T;
  readonly fits: boolean;
}

/** Mostly what fits, so that a single condition is often all that stands in the way. */
function choice<T>(fitting: readonly T[], unfitting: readonly T[]): fc.Arbitrary<Choice<T>> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...fitting).map((value) => ({ value, fits: true })) },
    { weight: 1, arbitrary: fc.constantFrom(...unfitting).map((value) => ({ value, fits: false })) },
  );
}

const otp = (maxLength: number, label = '【必須】ワンタイムパスワード（半角数字）') => ({ label, maxLength });

const conditions = fc.record({
  idText: choice(
    ['画面ID : BLI023', '画面ＩＤ：ＢＬＩ０２３'],
    ['', '画面ID : BOP001', '画面ID : BOS001', '画面ID : BFT003'],
  ),
  headings: choice(
    [['ログイン（ワンタイムパスワード認証）'], ['ご注意', 'ﾛｸﾞｲﾝ(ﾜﾝﾀｲﾑﾊﾟｽﾜｰﾄﾞ認証)']],
    [[], ['ログイン'], ['振込（取引認証）'], ['ログイン（ワンタイムパスワード認証）のご案内']],
  ),
  fields: choice(
    [[otp(8)], [otp(-1)], [otp(8), otp(8, '確認用パスワード')], [otp(4), otp(8)]],
    [[], [otp(4)], [otp(6)], [otp(7)], [otp(8), otp(8)], [otp(8, '取引認証コード')], [otp(8, '暗証番号')]],
  ),
  extensionId: choice<string | undefined>(['warifu'], [undefined, 'another', '']),
  tabId: choice<number | undefined>([0, 7], [undefined]),
  frameId: choice<number | undefined>([0], [undefined, 1, -1]),
  origin: choice<string | undefined>(
    [ORIGIN],
    [
      undefined,
      'null',
      `${ORIGIN}/`,
      `${ORIGIN}.evil.test`,
      ORIGIN.replace('http:', 'https:'),
      ORIGIN.replace('//', '//x.'),
      ORIGIN.replace('localhost', 'localhost.'),
      ORIGIN.replace(/\d+$/, '1'),
      ORIGIN.toUpperCase(),
      institution.serviceOrigin,
    ],
  ),
  documentId: choice<string | undefined>(['a document'], [undefined]),
  locked: choice([false], [true]),
  onRequest: choice<readonly string[]>([[], ['another']], [[TOKEN.id]]),
  filledScreens: choice<readonly string[]>([[], ['OTHER']], [['BLI023', 'BOK001', 'BOS001']]),
  tokens: choice([[TOKEN], [ELSEWHERE, TOKEN]], [[], [ELSEWHERE], [TOKEN, SECOND]]),
  selected: fc.constantFrom(undefined, 'elsewhere', 'gone'),
  offsetMs: choice<number | undefined>([0, 59_999, -3_600_000], [undefined, 60_000, 3_600_000]),
});

type Conditions = typeof conditions extends fc.Arbitrary<infer T> ? T : never;

/** What the content script and the gate make of it together. */
function released(given: Conditions): boolean {
  const facts: PageFacts = {
    idText: given.idText.value,
    headings: given.headings.value,
    fields: given.fields.value,
  };
  const seen = recognise(facts, screensOf(institution));
  if (seen.kind === 'unrecognised') return false;
  const input: GateInput = {
    sender: {
      extensionId: given.extensionId.value,
      tabId: given.tabId.value,
      frameId: given.frameId.value,
      origin: given.origin.value,
      documentId: given.documentId.value,
    },
    ownExtensionId: 'warifu',
    askedByCustomer: false,
    request: { type: 'fill.request', screen: seen.screen, maxLength: seen.field.maxLength },
    institutions: [institution],
    locked: given.locked.value,
    tokens: given.tokens.value,
    unbound: [],
    onRequest: given.onRequest.value,
    filledScreens: given.filledScreens.value,
    selected: given.selected,
    deviceMs: NOW,
    offsetMs: given.offsetMs.value,
  };
  return decideRelease(input).kind === 'release';
}

const allHold = (given: Conditions): boolean =>
  Object.values(given).every((part) => typeof part !== 'object' || part.fits);

test('a code is released exactly where every condition holds', () => {
  let releases = 0;
  fc.assert(
    fc.property(conditions, (given) => {
      const code = released(given);
      if (code) releases += 1;
      return code === allHold(given);
    }),
    { numRuns: 5_000 },
  );
  // Both happen, or the property says nothing.
  expect(releases).toBeGreaterThan(500);
  expect(releases).toBeLessThan(4_500);
});

test('one condition that fails is enough, whichever it is', () => {
  const parts = [
    'idText',
    'headings',
    'fields',
    'extensionId',
    'tabId',
    'frameId',
    'origin',
    'documentId',
    'locked',
    'onRequest',
    'filledScreens',
    'tokens',
    'offsetMs',
  ] as const;
  const failing = new Set<string>();
  fc.assert(
    fc.property(conditions, (given) => {
      const unfit = parts.filter((part) => !given[part].fits);
      if (unfit.length === 1) failing.add(String(unfit[0]));
      return unfit.length === 0 || !released(given);
    }),
    { numRuns: 5_000 },
  );
  expect([...failing].sort()).toEqual([...parts].sort());
});
