import type { ConfirmationGateInput, GateInput } from '../../../../core/autofill/asking.ts';
import { screensOf } from '../../../../core/autofill/screens.ts';
import type { FillRefusal } from '../../../../core/messages/fill.ts';
import {
  asking,
  CONFIRMED,
  confirmed,
  confirming,
  ELSEWHERE,
  FITTING,
  from,
  HEADING,
  having,
  INSTITUTION,
  ORIGIN,
  OTHER,
  PAGE,
  SECOND,
  showing,
  TOKEN,
} from './gate-example.ts';

/** One condition changed in each, and the refusal it must bring. */
export const UNFITTING: readonly { because: string; refusal: FillRefusal; input: GateInput }[] = [
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
    because: 'an institution that prefers signatures',
    refusal: 'signature-first',
    input: { ...FITTING, institutions: [{ ...INSTITUTION, login: ['signed', 'code'] }] },
  },
  ...[false, true].map((askedByCustomer) => ({
    because: `an institution that takes signatures alone, ${askedByCustomer ? 'even if' : 'where nobody'} asked`,
    refusal: 'signature-only' as const,
    input: { ...FITTING, institutions: [{ ...INSTITUTION, login: ['signed' as const] }], askedByCustomer },
  })),
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
  {
    because: 'one that may have been registered, of which the service says nothing',
    refusal: 'unheard',
    input: { ...FITTING, tokens: [{ ...TOKEN, kind: 'serial', bindBy: TOKEN.expiresAt }] },
  },
  ...(['released', 'void'] as const).map((status) => ({
    because: `a token that is ${status}`,
    refusal: 'token-over' as const,
    input: { ...FITTING, tokens: [{ ...TOKEN, status }] },
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

export const UNCONFIRMED: readonly { because: string; refusal: FillRefusal; input: ConfirmationGateInput }[] =
  [
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
