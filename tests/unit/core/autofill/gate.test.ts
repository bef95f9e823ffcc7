import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfirmationGateInput, GateInput, Sender } from '../../../../core/autofill/asking.ts';
import {
  CONFIRMATION_CONDITIONS,
  confirmationCase,
  PASSWORD_CONDITIONS,
  passwordCase,
  SENDER_CONDITIONS,
} from '../../../../core/autofill/conditions.ts';
import { decideConfirmation, decideRelease } from '../../../../core/autofill/gate.ts';
import { screensOf } from '../../../../core/autofill/screens.ts';
import type { PinnedInstitution } from '../../../../core/institution/directory.ts';
import { type FillRefusal, fillRefusals, fillRequestSchema } from '../../../../core/messages/fill.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { detailsFor, TRANSFER } from '../transaction/example.ts';

const NOW = 1_795_249_200_000;
const ORIGIN = 'https://ib.senpoku.example';

const INSTITUTION: PinnedInstitution = {
  key: 'senpoku',
  serviceId: '10112235',
  bankCode: '9904',
  name: '仙北信用組合',
  nameEn: 'Senpoku Credit Union',
  family: 'ANSER',
  pageOrigins: ['https://www.senpoku.example', ORIGIN],
  serviceOrigin: 'https://token.example',
  otp: { algorithm: 'SHA-256', digits: 8, period: 60 },
  accent: '#2f6f4e',
  contact: { phone: '0120-000-004', hours: '', hoursEn: '' },
  confirmation: 'approve',
  rules: {
    dailyLimitWithoutOtp: 200_000,
    dailyLimitMost: 10_000_000,
    limitChangeAfterDays: 3,
    reissueAfterDays: 1,
    emailPassword: true,
    release: [
      {
        by: 'counter',
        hours: '平日 9:00〜15:00',
        hoursEn: 'Weekdays',
        bring: '本人確認書類',
        bringEn: 'Proof of identity',
      },
    ],
  },
  serviceKey: { kty: 'EC', crv: 'P-256', x: '', y: '' },
};
const OTHER: PinnedInstitution = { ...INSTITUTION, key: 'akita', pageOrigins: ['https://ib.akita.example'] };

const TOKEN: TokenSummary = {
  id: 'first',
  institution: 'senpoku',
  institutionName: '仙北信用組合',
  suffix: '',
  serial: '123456789',
  userId: '123456789012',
  parameters: INSTITUTION.otp,
  enrolledAt: NOW - 1000,
  expiresAt: NOW + 1000,
};
const SECOND: TokenSummary = { ...TOKEN, id: 'second' };
const ELSEWHERE: TokenSummary = { ...TOKEN, id: 'elsewhere', institution: 'akita' };

const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: ORIGIN,
  documentId: 'a document',
};

/** Everything in order: the code goes out. */
const FITTING: GateInput = {
  sender: SENDER,
  ownExtensionId: 'warifu',
  request: { type: 'fill.request', screen: 'BLI023', maxLength: 8 },
  askedByCustomer: false,
  institutions: [OTHER, INSTITUTION],
  locked: false,
  tokens: [ELSEWHERE, TOKEN],
  selected: undefined,
  onRequest: [],
  filledScreens: [],
  deviceMs: NOW,
  offsetMs: 0,
};

const from = (sender: Partial<Sender>): GateInput => ({ ...FITTING, sender: { ...SENDER, ...sender } });
const asking = (request: Partial<GateInput['request']>): GateInput => ({
  ...FITTING,
  request: { ...FITTING.request, ...request },
});

const HEADING = 'ログイン（ワンタイムパスワード認証）';

/** One condition changed in each, and the refusal it must bring. */
const UNFITTING: readonly { because: string; refusal: FillRefusal; input: GateInput }[] = [
  { because: 'no extension', refusal: 'sender-extension', input: from({ extensionId: undefined }) },
  { because: 'another extension', refusal: 'sender-extension', input: from({ extensionId: 'other' }) },
  { because: 'no tab', refusal: 'sender-frame', input: from({ tabId: undefined }) },
  { because: 'no frame', refusal: 'sender-frame', input: from({ frameId: undefined }) },
  { because: 'an inner frame', refusal: 'sender-frame', input: from({ frameId: 3 }) },
  {
    because: 'a frame of its own page, where the directory has none',
    refusal: 'sender-frame',
    input: from({ frameId: 3, topOrigin: ORIGIN }),
  },
  ...[undefined, 'https://evil.example', 'https://www.senpoku.example'].map((topOrigin) => ({
    because: `a frame in a page of ${topOrigin}, where the directory has frames`,
    refusal: 'sender-frame' as const,
    input: { ...from({ frameId: 3, topOrigin }), institutions: [OTHER, { ...INSTITUTION, frames: true }] },
  })),
  {
    because: 'the bank code of another institution',
    refusal: 'institution-unknown',
    input: asking({ text: `金融機関コード：9905\n${HEADING}` }),
  },
  {
    because: 'a screen of another family',
    refusal: 'screen-unknown',
    input: asking({ screen: 'SLI001' }),
  },
  {
    because: 'a token that fills on request',
    refusal: 'on-request',
    input: { ...FITTING, onRequest: [TOKEN.id] },
  },
  {
    because: 'a form that names no method',
    refusal: 'form-method',
    input: asking({ askFirst: 'form-method' }),
  },
  {
    because: 'a screen filled before',
    refusal: 'already-filled',
    input: { ...FITTING, filledScreens: ['BOS001', 'BLI023'] },
  },
  ...[6, 7, 9].map((boxes) => ({
    because: `${boxes} boxes`,
    refusal: 'field-changed' as const,
    input: asking({ maxLength: boxes, boxes }),
  })),
  { because: 'no document', refusal: 'sender-document', input: from({ documentId: undefined }) },
  ...[
    undefined,
    'null',
    '',
    'http://ib.senpoku.example',
    'https://ib.senpoku.example:8443',
    'https://ib.senpoku.example.evil.example',
    'https://ib.senpoku.example.',
    'https://ib.senpoku.example@evil.example',
    'https://IB.senpoku.example',
    'https://senpoku.example',
    'https://x.ib.senpoku.example',
    'https://ib.senpoku.example/',
    'https://xn--ib-senpoku.example',
  ].map((origin) => ({
    because: `the origin ${origin}`,
    refusal: 'sender-origin' as const,
    input: from({ origin }),
  })),
  {
    because: 'W3: a screen for a confirmation code',
    refusal: 'screen-unknown',
    input: asking({ screen: 'BFT003' }),
  },
  { because: 'an unknown screen', refusal: 'screen-unknown', input: asking({ screen: 'BLI001' }) },
  { because: 'a locked vault', refusal: 'locked', input: { ...FITTING, locked: true } },
  { because: 'no token', refusal: 'no-token', input: { ...FITTING, tokens: [] } },
  {
    because: 'only a token of another institution',
    refusal: 'no-token',
    input: { ...FITTING, tokens: [ELSEWHERE] },
  },
  {
    because: 'two tokens, none chosen',
    refusal: 'several-tokens',
    input: { ...FITTING, tokens: [TOKEN, SECOND] },
  },
  {
    because: 'two tokens, one elsewhere chosen',
    refusal: 'several-tokens',
    input: { ...FITTING, tokens: [TOKEN, SECOND, ELSEWHERE], selected: 'elsewhere' },
  },
  ...[0, 1, 7].map((maxLength) => ({
    because: `a field of ${maxLength}`,
    refusal: 'field-changed' as const,
    input: asking({ maxLength }),
  })),
  { because: 'no measured clock', refusal: 'clock', input: { ...FITTING, offsetMs: undefined } },
  {
    because: 'the moment of expiry',
    refusal: 'token-expired',
    input: { ...FITTING, deviceMs: TOKEN.expiresAt },
  },
  {
    because: 'expiry by the service’s time',
    refusal: 'token-expired',
    input: { ...FITTING, offsetMs: 1000 },
  },
];

const DETAILS = detailsFor(TOKEN.id);

const confirmed = (given: Partial<Details> = {}): PendingConfirmation => {
  const details = { ...DETAILS, ...given };
  const canonical = canonicalText(details);
  const shared = { mode: 'code', status: 'confirmed', useBy: NOW + 60_000, onPage: undefined } as const;
  return { tokenId: details.token, details, canonical, ...shared };
};

const PAGE = '確認番号\n47\nお振込先人名\nミホン タロウ 様\nお振込金額\n150,000円';

/** Everything in order: the confirmation code goes out. */
const CONFIRMED: ConfirmationGateInput = {
  sender: SENDER,
  ownExtensionId: 'warifu',
  request: { type: 'fill.request', screen: 'BFT003', maxLength: 8, text: PAGE },
  askedByCustomer: false,
  institutions: [OTHER, INSTITUTION],
  locked: false,
  tokens: [ELSEWHERE, TOKEN],
  onRequest: [],
  confirmations: [confirmed()],
};

const showing = (text: string | undefined): ConfirmationGateInput => {
  const { text: _text, ...request } = CONFIRMED.request;
  return { ...CONFIRMED, request: { ...request, ...(text !== undefined && { text }) } };
};
const having = (...confirmations: PendingConfirmation[]): ConfirmationGateInput => ({
  ...CONFIRMED,
  confirmations,
});
const confirming = (request: Partial<GateInput['request']>): ConfirmationGateInput => ({
  ...CONFIRMED,
  request: { ...CONFIRMED.request, ...request },
});

const UNCONFIRMED: readonly { because: string; refusal: FillRefusal; input: ConfirmationGateInput }[] = [
  // The same conditions on the sender as for a one-time password.
  ...UNFITTING.filter(({ refusal }) => refusal.startsWith('sender')).map(({ because, refusal, input }) => ({
    because,
    refusal,
    input: { ...CONFIRMED, sender: input.sender, institutions: input.institutions },
  })),
  ...screensOf(INSTITUTION)
    .filter(({ asks }) => asks === 'password')
    .map(({ id }) => ({
      because: `W3: the screen ${id}, for a one-time password`,
      refusal: 'screen-unknown' as const,
      input: confirming({ screen: id }),
    })),
  { because: 'an unknown screen', refusal: 'screen-unknown', input: confirming({ screen: 'BFT001' }) },
  { because: 'a locked vault', refusal: 'locked', input: { ...CONFIRMED, locked: true } },
  { because: 'no token', refusal: 'no-token', input: { ...CONFIRMED, tokens: [ELSEWHERE] } },
  { because: 'a field of 7', refusal: 'field-changed', input: confirming({ maxLength: 7 }) },
  { because: 'nothing confirmed', refusal: 'confirmation-missing', input: having() },
  {
    because: 'one that waits still',
    refusal: 'confirmation-missing',
    input: having({ ...confirmed(), status: 'waiting' }),
  },
  {
    because: 'one that needs no code',
    refusal: 'confirmation-missing',
    input: having({ ...confirmed(), mode: 'approve' }),
  },
  {
    because: 'one of another institution',
    refusal: 'confirmation-missing',
    input: having(confirmed({ institution: 'akita' })),
  },
  {
    because: 'another 確認番号, of the same transfer',
    refusal: 'confirmation-missing',
    input: having(confirmed({ number: '48' })),
  },
  {
    because: 'no 確認番号 on the page',
    refusal: 'confirmation-missing',
    input: showing(PAGE.replace('47', '')),
  },
  { because: 'no text', refusal: 'confirmation-missing', input: showing(undefined) },
  {
    because: 'another payee on the page',
    refusal: 'confirmation-differs',
    input: showing(PAGE.replace('タロウ', 'ジロウ')),
  },
  {
    because: 'another amount on the page',
    refusal: 'confirmation-differs',
    input: showing(PAGE.replace('150,000', '1,150,000')),
  },
  {
    because: 'a second amount on the page',
    refusal: 'confirmation-differs',
    input: showing(`${PAGE}\nお振込金額\n1円`),
  },
  {
    because: 'the bank code of another institution',
    refusal: 'institution-unknown',
    input: confirming({ text: `金融機関コード 9905\n振込（取引認証）\n${PAGE}` }),
  },
  {
    because: 'a token that fills on request',
    refusal: 'on-request',
    input: { ...CONFIRMED, onRequest: [TOKEN.id] },
  },
  {
    because: 'a form that names no method',
    refusal: 'form-method',
    input: confirming({ askFirst: 'form-method' }),
  },
  {
    because: 'two that fit, of two tokens',
    refusal: 'several-tokens',
    input: having(confirmed(), confirmed({ token: 'second', confirmation: 'BBBBBBBBBBBBBBBBBBBBBB' })),
  },
];

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

  test('every refusal has its test; the vault’s is the background’s own', () => {
    const tested = [...UNFITTING, ...UNCONFIRMED].map(({ refusal }) => refusal);
    expect(new Set(tested)).toEqual(new Set(fillRefusals.filter((refusal) => refusal !== 'vault')));
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
  'room in the field': ({ request, ...rest }: GateInput) => ({
    ...rest,
    request: { ...request, maxLength: 7 },
  }),
  'a sane clock': (input: GateInput) => ({ ...input, offsetMs: undefined }),
  'a token not expired': (input: GateInput) => ({ ...input, deviceMs: TOKEN.expiresAt }),
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
      if (['on-request', 'form-method', 'already-filled'].includes(refusal)) continue;
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

describe('institutions that share an origin', () => {
  const SHARING = { ...INSTITUTION, key: 'akita', name: '秋田県信用組合', bankCode: '9905' };
  const LONGER = { ...INSTITUTION, key: 'longer', name: '東仙北信用組合', bankCode: '9906' };
  const showing = (text: string | undefined): GateInput => ({
    ...asking({ ...(text !== undefined && { text }) }),
    institutions: [INSTITUTION, SHARING, LONGER],
    tokens: [TOKEN, { ...ELSEWHERE }, { ...TOKEN, id: 'longer', institution: 'longer' }],
  });

  test.each([
    ['仙北信用組合\nログイン', 'first'],
    ['ようこそ 仙北信用組合 インターネットバンキング', 'first'],
    ['金融機関コード：9904', 'first'],
    ['金融機関コード\n９９０４', 'first'],
    ['秋田県信用組合', 'elsewhere'],
    ['東仙北信用組合', 'longer'],
    ['東仙北信用組合 金融機関コード 9906', 'longer'],
  ])('are told apart by %j', (banner, id) => {
    expect(decideRelease(showing(`${banner}\n${HEADING}\n秋田県信用組合`))).toMatchObject({ token: { id } });
  });

  test.each([
    undefined,
    '',
    `${HEADING}\n仙北信用組合`,
    `仙北信用組合`,
    `仙北信用組合 秋田県信用組合\n${HEADING}`,
    `仙北信用組合\n東仙北信用組合\n${HEADING}`,
    `仙北信用組合 金融機関コード 9905\n${HEADING}`,
    `金融機関コード 9904\n金融機関コード 9905\n${HEADING}`,
    `金融機関コード 9999\n${HEADING}`,
    `仙北信用金庫\n${HEADING}`,
    `仙北\n信用組合\n${HEADING}`,
    `9904\n${HEADING}`,
  ])('are not told apart by %j', (text) => {
    expect(decideRelease(showing(text))).toEqual({ kind: 'refuse', reason: 'institution-unknown' });
  });

  test('in frames: all of them must allow it', () => {
    const text = `仙北信用組合\n${HEADING}`;
    const framed = { ...showing(text), sender: { ...SENDER, frameId: 3, topOrigin: ORIGIN } };
    const institutions = [{ ...INSTITUTION, frames: true }, SHARING];
    expect(decideRelease({ ...framed, institutions })).toEqual({ kind: 'refuse', reason: 'sender-frame' });
  });

  test('an institution alone on its origin need not be named', () => {
    for (const text of [HEADING, `仙北信用組合\n${HEADING}`, `金融機関コード 9904\n${HEADING}`]) {
      expect(decideRelease(asking({ text })).kind).toBe('release');
    }
  });
});

describe('the しんきん family', () => {
  const institutions = [{ ...INSTITUTION, family: 'SHINKIN' as const }];

  test('has its own screens, and those of ANSER not', () => {
    for (const { id } of screensOf({ family: 'SHINKIN' })) {
      expect(decideRelease({ ...asking({ screen: id }), institutions }).kind).toBe('release');
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

describe('the field', () => {
  test.each([-1, 8, 9])('of maxlength %i takes the code', (maxLength) => {
    expect(decideRelease(asking({ maxLength })).kind).toBe('release');
  });

  test('of a box for each digit takes the code', () => {
    expect(decideRelease(asking({ maxLength: 8, boxes: 8 })).kind).toBe('release');
  });
});
