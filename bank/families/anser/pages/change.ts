import type { EmailChange, LimitChange } from '../../../../core/transaction/types.ts';
import { japaneseDate, japaneseMinute, japaneseSecond, startOfIsoDay, yen } from '../../../format.ts';
import type { ChangeRow } from '../../../store/changes.ts';
import type { ChangeType } from '../../../store/schema.ts';
import { type Fact, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { numberFact, type RequestWords } from '../../common/pages/request.ts';

const money = (amount: number) => html`<strong class="amount">${yen(amount)}</strong>`;
const address = (text: string) => html`<span class="address">${text}</span>`;

/** 現在の限度額, 変更後の限度額, 適用日: the token's labels, so that customers can compare word by word. */
export const limitFacts = ({ oldLimit, newLimit, from }: LimitChange): readonly Fact[] => [
  { name: '現在の限度額', value: html`<span class="number money">${yen(oldLimit)}</span>` },
  { name: '変更後の限度額', value: money(newLimit) },
  { name: '適用日', value: japaneseDate(startOfIsoDay(from)) },
];

export const emailFacts = ({ oldAddress, newAddress }: EmailChange): readonly Fact[] => [
  { name: '現在のメールアドレス', value: address(oldAddress) },
  { name: '新しいメールアドレス', value: html`<strong>${address(newAddress)}</strong>` },
  { name: '適用時期', value: '受付後ただちに' },
];

/** What was accepted and when. The values from before are gone by then. */
export const changeDoneFacts = (row: ChangeRow, entered: readonly Fact[]): Html =>
  facts([
    ...(row.receipt === null
      ? []
      : [{ name: '受付番号', value: html`<span class="number">${row.receipt}</span>` }]),
    { name: '受付日時', value: japaneseSecond(row.done_at?.getTime() ?? 0) },
    ...entered.map(({ name, value }) => ({ name: name.replace(/^現在の/, '変更前の'), value })),
  ]);

export const changeConfirmedFacts = (row: ChangeRow, entered: readonly Fact[]): Html =>
  facts([
    numberFact(row),
    ...entered,
    { name: 'お申込日時', value: japaneseMinute(row.requested_at?.getTime() ?? 0) },
  ]);

/** The changes, as the menus name them. */
export const CHANGE_NAMES: Readonly<Record<ChangeType, string>> = {
  'limit-change': '振込・振替限度額の変更',
  'email-change': 'メールアドレスの変更',
  'new-device': '新しい端末でのトークン利用',
};

const UNDONE: Readonly<Record<ChangeType, string>> = {
  'limit-change': '限度額は変更されていません。',
  'email-change': 'メールアドレスは変更されていません。',
  'new-device': 'トークンはこれまでの端末のままです。',
};

/** @param input path of the form */
export const changeWords = (type: ChangeType, input: string): RequestWords => ({
  content: 'お申込内容',
  undone: UNDONE[type],
  wish: '変更される場合は',
  unfinished: '変更はまだ完了していません。',
  home: { label: 'ご利用サービスの変更へ', path: '/services', name: CHANGE_NAMES[type] },
  again: { label: '内容を修正する', path: input },
});

export const limitDoneNote = ({ from }: LimitChange, now: number): string =>
  limitFromNote(startOfIsoDay(from), now);

/** @param from when the new limit counts, in Unix milliseconds */
export const limitFromNote = (from: number, now: number): string =>
  from <= now
    ? '変更後の限度額は、ただちに適用されました。'
    : `変更後の限度額は、${japaneseDate(from)}から有効になります。`;

export const EMAIL_DONE_NOTE = '今後のお知らせは、新しいメールアドレスにお送りします。';

/** If there was an address before. */
export const EMAIL_TOLD_NOTE = `${EMAIL_DONE_NOTE}変更前と変更後のメールアドレスに、お知らせをお送りしました。`;

interface Done {
  readonly type: ChangeType;
  readonly note: string;
  readonly facts: Html;
}

export function changeDoneContent({ type, note, facts: accepted }: Done): Html {
  return html`<div class="state state-done"><p data-announce>${CHANGE_NAMES[type]}を受け付けました。</p><p class="state-note">${note}</p></div>
${section('受付内容', accepted)}
${navigation([
  { label: 'ご利用サービスの変更へ', path: '/services' },
  { label: 'トップページへ', path: '/top', kind: 'primary' },
])}`;
}

/** Shown on a form whose request was made before. */
export const doneBefore = (button: string): string =>
  `この画面からのお申込みは、すでに受け付けられています。同じ内容でもう一度お申し込みになる場合は、「${button}」ボタンをもう一度押して下さい。`;
export const endedBefore = (button: string): string =>
  `この画面からの先のお申込みは終了しており、変更は行われていません。あらためてお申し込みになる場合は、「${button}」ボタンをもう一度押して下さい。`;
