import { familyOf } from '../../../../core/family/families.ts';
import type { Transfer } from '../../../../core/transaction/types.ts';
import { japaneseMinute, japaneseSecond, yen } from '../../../format.ts';
import type { Account } from '../../../store/accounts.ts';
import { detailsOf, type TransferRow } from '../../../store/transfers.ts';
import { ACCOUNT_TYPE_NAMES } from '../../../transfer/input.ts';
import { facts, form, navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { otpRow } from './otp-row.ts';
import { numberFact, type RequestState, type RequestWords, trouble } from './request.ts';

const word = ({ kind }: TransferRow) => (kind === 'own' ? '振替' : '振込');

/** Where the money goes: 金融機関, 支店, 預金種目, 口座番号. */
export function destination(row: TransferRow): string {
  return `${row.bank_name} ${row.branch_name} ${ACCOUNT_TYPE_NAMES[row.account_type]} ${row.account_number}`;
}

const amountIn = (amount: number): Html => html`<strong class="amount">${yen(amount)}</strong>`;

/** The fields of a transfer as the token shows them; fields with the same name are joined. */
const CONFIRMED: {
  readonly [F in Exclude<keyof Transfer, 'type'>]: {
    readonly name: string;
    readonly value: (transfer: Transfer) => Html;
  };
} = {
  bank: { name: 'お振込先', value: ({ bank }) => html`<span>${bank.name} (${bank.code})</span>` },
  branch: { name: 'お振込先', value: ({ branch }) => html`<span>${branch.name} (${branch.code})</span>` },
  accountType: {
    name: 'お振込先',
    value: ({ accountType }) => html`<span>${ACCOUNT_TYPE_NAMES[accountType]}</span>`,
  },
  accountNumber: { name: 'お振込先', value: ({ accountNumber }) => html`<span>${accountNumber}</span>` },
  payee: { name: 'お振込先人名', value: ({ payee }) => html`<strong class="payee">${payee}</strong>` },
  amount: { name: 'お振込金額', value: ({ amount }) => amountIn(amount) },
};

/** What was entered, before and after 取引認証. */
export function transferFacts(row: TransferRow, from: Account | undefined): Html {
  const account = from && `${ACCOUNT_TYPE_NAMES[from.type]} ${from.number}（${from.branch_name}）`;
  return facts([
    { name: '出金口座', value: account ?? '' },
    { name: `お${word(row)}先`, value: destination(row) },
    { name: `お${word(row)}先人名`, value: row.payee },
    { name: `お${word(row)}金額`, value: amountIn(Number(row.amount)) },
  ]);
}

/** The facts that the token shows too. */
export function transferConfirmedFacts(row: TransferRow): Html {
  const transfer = detailsOf(row);
  const shown = [...Map.groupBy(Object.values(CONFIRMED), ({ name }) => name)];
  return facts([
    numberFact(row),
    { name: 'お振込申請日時', value: japaneseMinute(row.requested_at?.getTime() ?? 0) },
    ...shown.map(([name, fields]) => ({
      name,
      value: html`${fields.map(({ value }) => html`${value(transfer)} `)}`,
    })),
  ]);
}

export const transferWords = (row: TransferRow, path: string): RequestWords => ({
  content: 'お取引内容',
  undone: `お${word(row)}は行われていません。`,
  wish: `お${word(row)}される場合は`,
  unfinished: 'お取引はまだ完了していません。',
  home: { label: '振込・振替へ', path: '/transfer', name: '振込・振替' },
  again: { label: '内容を修正する', path: `${path}/edit` },
});

/** 確認画面 of a transfer that needs no 取引認証. */
export function directContent(state: RequestState): Html {
  const { path, facts: entered, formToken, submission, password } = state;
  return html`${trouble(state)}
<p class="lead">お取引内容をご確認のうえ、${password.name}を入力し、「確定する」ボタンを押して下さい。</p>
${form({
  action: `${path}/execute`,
  formToken,
  submission,
  content: html`${section('お取引内容', entered)}${section(`${password.name}の入力`, password.rows)}`,
  buttons: {
    primary: '確定する',
    cancel: { label: '申込を中止する', action: `${path}/cancel` },
    back: { label: '戻る', path: `${path}/edit` },
  },
})}`;
}

/** 確認画面 for a token that shows no details: it explains what that means, then asks for the code. */
export function codeContent(state: RequestState): Html {
  const { path, facts: entered, formToken, submission, password, errors, institution } = state;
  const { us } = familyOf(institution).words;
  return html`${trouble(state)}
<p class="lead">お取引内容をご確認のうえ、ワンタイムパスワードと${password.name}を入力し、「確定する」ボタンを押して下さい。</p>
${form({
  action: `${path}/execute`,
  formToken,
  submission,
  content: html`${section('お取引内容', entered)}${section(
    'ハードウェアトークンをご利用のお客さまへ',
    html`<div class="notes"><ul>
<li>ハードウェアトークンには、お取引の内容が表示されません。そのため、この画面に表示されている内容のとおりに${us}へ届いているかを、トークンで確かめることはできません。</li>
<li>パソコンがウイルスに感染している場合や、偽の画面に入力した場合、別の口座への振込に使われるおそれがあります。画面のアドレスと、お振込先、金額をよくお確かめください。</li>
<li>1件あたりの上限は${yen(institution.rules.hardwareLimit ?? 0)}です。お取引の内容をトークンで確かめられるソフトウェアトークンには、この上限はありません。</li>
</ul></div>`,
  )}${section('ワンタイムパスワードの入力', otpRow(errors))}${section(`${password.name}の入力`, password.rows)}`,
  buttons: {
    primary: '確定する',
    cancel: { label: '申込を中止する', action: `${path}/cancel` },
    back: { label: '戻る', path: `${path}/edit` },
  },
})}`;
}

export function doneContent(row: TransferRow, entered: Html): Html {
  return html`<div class="state state-done"><p data-announce>お${word(row)}を受け付けました。</p></div>
<div class="buttons buttons-print"><button type="button" class="button button-secondary" data-print hidden>ページを印刷する</button></div>
${section(
  '受付内容',
  facts([
    { name: '受付番号', value: html`<span class="number">${row.receipt ?? ''}</span>` },
    { name: '受付日時', value: japaneseSecond(row.done_at?.getTime() ?? 0) },
  ]),
)}
${section('お取引内容', entered)}
${navigation([
  { label: '口座情報へ', path: '/accounts' },
  { label: '振込・振替へ', path: '/transfer', kind: 'primary' },
])}`;
}
