import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConfirmationGateInput,
  decideConfirmation,
  decideRelease,
  type GateInput,
  type Sender,
} from '../../../../core/autofill/gate.ts';
import { ANSER_SCREENS } from '../../../../core/autofill/screens.ts';
import type { PinnedInstitution } from '../../../../core/institution/directory.ts';
import { type FillRefusal, fillRefusals } from '../../../../core/messages/fill.ts';
import type { PendingConfirmation } from '../../../../core/ports.ts';
import { canonicalText, type TransferDetails } from '../../../../core/transaction/details.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';

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
  contact: { phone: '0120-000-004', hours: '' },
  confirmation: 'approve',
  rules: {
    dailyLimitWithoutOtp: 200_000,
    dailyLimitMost: 10_000_000,
    limitChangeAfterDays: 3,
    reissueAfterDays: 1,
    emailPassword: true,
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
  institutions: [OTHER, INSTITUTION],
  locked: false,
  tokens: [ELSEWHERE, TOKEN],
  selected: undefined,
  deviceMs: NOW,
  offsetMs: 0,
};

const from = (sender: Partial<Sender>): GateInput => ({ ...FITTING, sender: { ...SENDER, ...sender } });
const asking = (request: Partial<GateInput['request']>): GateInput => ({
  ...FITTING,
  request: { ...FITTING.request, ...request },
});

/** One condition changed in each, and the refusal it must bring. */
const UNFITTING: readonly { because: string; refusal: FillRefusal; input: GateInput }[] = [
  { because: 'no extension', refusal: 'sender-extension', input: from({ extensionId: undefined }) },
  { because: 'another extension', refusal: 'sender-extension', input: from({ extensionId: 'other' }) },
  { because: 'no tab', refusal: 'sender-frame', input: from({ tabId: undefined }) },
  { because: 'no frame', refusal: 'sender-frame', input: from({ frameId: undefined }) },
  { because: 'an inner frame', refusal: 'sender-frame', input: from({ frameId: 3 }) },
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

const DETAILS: TransferDetails = {
  confirmation: 'AAAAAAAAAAAAAAAAAAAAAA',
  institution: 'senpoku',
  token: TOKEN.id,
  number: '47',
  bank: { code: '9901', name: '見本信用金庫' },
  branch: { code: '001', name: '本店' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'ミホン タロウ',
  amount: 150_000,
  requestedAt: '2026-11-21T09:00:00.000Z',
  expiresAt: '2026-11-21T09:05:00.000Z',
};

const confirmed = (given: Partial<TransferDetails> = {}): PendingConfirmation => {
  const details = { ...DETAILS, ...given };
  const canonical = canonicalText(details);
  const shared = { mode: 'code', status: 'confirmed', useBy: NOW + 60_000, differs: [] } as const;
  return { tokenId: details.token, details, canonical, ...shared };
};

const PAGE = '確認番号\n47\nお振込先人名\nミホン タロウ 様\nお振込金額\n150,000円';

/** Everything in order: the confirmation code goes out. */
const CONFIRMED: ConfirmationGateInput = {
  sender: SENDER,
  ownExtensionId: 'warifu',
  request: { type: 'fill.request', screen: 'BFT003', maxLength: 8, text: PAGE },
  institutions: [OTHER, INSTITUTION],
  locked: false,
  tokens: [ELSEWHERE, TOKEN],
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
    input: { ...CONFIRMED, sender: input.sender },
  })),
  ...ANSER_SCREENS.filter(({ asks }) => asks === 'password').map(({ id }) => ({
    because: `W3: the screen ${id}, for a one-time password`,
    refusal: 'screen-unknown' as const,
    input: confirming({ screen: id }),
  })),
  { because: 'an unknown screen', refusal: 'screen-unknown', input: confirming({ screen: 'BFT001' }) },
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
    because: 'two that fit, of two tokens',
    refusal: 'several-tokens',
    input: having(confirmed(), confirmed({ token: 'second', confirmation: 'BBBBBBBBBBBBBBBBBBBBBB' })),
  },
];

describe('a confirmation code', () => {
  test('is released where everything fits', () => {
    expect(decideConfirmation(CONFIRMED)).toEqual({ kind: 'release', confirmation: confirmed() });
  });

  test.each(UNCONFIRMED)('is refused for $because: $refusal', ({ input, refusal }) => {
    expect(decideConfirmation(input)).toEqual({ kind: 'refuse', reason: refusal });
  });

  test('C2: of several with one 確認番号, the transfer shown is meant', () => {
    const other = confirmed({ token: 'second', payee: 'ベツ ジン' });
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
    for (const { id, asks } of ANSER_SCREENS) {
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
});
