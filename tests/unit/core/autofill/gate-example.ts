import type { ConfirmationGateInput, GateInput, Sender } from '../../../../core/autofill/asking.ts';
import type { PinnedInstitution } from '../../../../core/institution/directory.ts';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { detailsFor } from '../transaction/example.ts';

/** What the gate is asked with, in order, for tests to change. */

export const NOW = 1_795_249_200_000;
export const ORIGIN = 'https://ib.senpoku.example';

export const INSTITUTION: PinnedInstitution = {
  policy: DEFAULT_POLICY,
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
export const OTHER: PinnedInstitution = {
  ...INSTITUTION,
  key: 'akita',
  pageOrigins: ['https://ib.akita.example'],
};

export const TOKEN: TokenSummary = {
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
export const SECOND: TokenSummary = { ...TOKEN, id: 'second' };
export const ELSEWHERE: TokenSummary = { ...TOKEN, id: 'elsewhere', institution: 'akita' };

export const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: ORIGIN,
  documentId: 'a document',
};

/** Everything in order: the code goes out. */
export const FITTING: GateInput = {
  sender: SENDER,
  ownExtensionId: 'warifu',
  request: { type: 'fill.request', screen: 'BLI023', maxLength: 8 },
  askedByCustomer: false,
  institutions: [OTHER, INSTITUTION],
  locked: false,
  tokens: [ELSEWHERE, TOKEN],
  unbound: [],
  selected: undefined,
  onRequest: [],
  filledScreens: [],
  deviceMs: NOW,
  offsetMs: 0,
};

export const from = (sender: Partial<Sender>): GateInput => ({
  ...FITTING,
  sender: { ...SENDER, ...sender },
});
export const asking = (request: Partial<GateInput['request']>): GateInput => ({
  ...FITTING,
  request: { ...FITTING.request, ...request },
});

export const HEADING = 'ログイン（ワンタイムパスワード認証）';

const DETAILS = detailsFor(TOKEN.id);

/** A transfer that its customer has confirmed. */
export const confirmed = (given: Partial<Details> = {}): PendingConfirmation => {
  const details = { ...DETAILS, ...given };
  const canonical = canonicalText(details);
  const shared = { mode: 'code', status: 'confirmed', useBy: NOW + 60_000, onPage: undefined } as const;
  return { tokenId: details.token, details, canonical, ...shared };
};

export const PAGE = '確認番号\n47\nお振込先人名\nミホン タロウ 様\nお振込金額\n150,000円';

/** Everything in order: the confirmation code goes out. */
export const CONFIRMED: ConfirmationGateInput = {
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

export const showing = (text: string | undefined): ConfirmationGateInput => {
  const { text: _text, ...request } = CONFIRMED.request;
  return { ...CONFIRMED, request: { ...request, ...(text !== undefined && { text }) } };
};
export const having = (...confirmations: PendingConfirmation[]): ConfirmationGateInput => ({
  ...CONFIRMED,
  confirmations,
});
export const confirming = (request: Partial<GateInput['request']>): ConfirmationGateInput => ({
  ...CONFIRMED,
  request: { ...CONFIRMED.request, ...request },
});
