import type { Institution } from '../../../../core/institution/directory.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { japaneseMinute, japaneseSecond, yen } from '../../../format.ts';
import type { Account } from '../../../store/accounts.ts';
import type { RefusalReason } from '../../../store/schema.ts';
import type { TransferRow } from '../../../store/transfers.ts';
import { ACCOUNT_TYPE_NAMES } from '../../../transfer/input.ts';
import { banner, errorSummary, facts, fieldRow, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { confirmationPasswordRow } from './issue.ts';
import type { SubmissionState } from './login.ts';

export interface TransferState extends SubmissionState {
  readonly institution: Institution;
  readonly row: TransferRow;
  readonly from: Account | undefined;
}

const path = ({ id }: TransferRow, rest = '') => `/transfer/${id}${rest}`;
const word = ({ kind }: TransferRow) => (kind === 'own' ? '振替' : '振込');

/** Where the money goes: 金融機関, 支店, 預金種目, 口座番号. */
export function destination(row: TransferRow): string {
  return `${row.bank_name} ${row.branch_name} ${ACCOUNT_TYPE_NAMES[row.account_type]} ${row.account_number}`;
}

function amountOf({ amount }: TransferRow): Html {
  return html`<strong class="amount">${yen(Number(amount))}</strong>`;
}

/** The same with the codes, as the token shows it. */
function codedDestination(row: TransferRow): Html {
  const { bank_name, bank_code, branch_name, branch_code, account_type, account_number } = row;
  return html`<span>${bank_name} (${bank_code})</span> <span>${branch_name} (${branch_code})</span> <span>${ACCOUNT_TYPE_NAMES[account_type]} ${account_number}</span>`;
}

/** What was entered, before and after 取引認証. */
function detailFacts({ row, from }: TransferState): Html {
  const account = from && `${ACCOUNT_TYPE_NAMES[from.type]} ${from.number}（${from.branch_name}）`;
  return facts([
    { name: '出金口座', value: account ?? '' },
    { name: `お${word(row)}先`, value: destination(row) },
    { name: `お${word(row)}先人名`, value: row.payee },
    { name: `お${word(row)}金額`, value: amountOf(row) },
  ]);
}

const trouble = ({ errors, notice }: SubmissionState) =>
  html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}`;

/** 確認画面 of what needs no 取引認証. */
export function directContent(state: TransferState): Html {
  const { row, formToken, submission } = state;
  return html`${trouble(state)}
<p class="lead">お取引内容をご確認のうえ、確認用パスワードを入力し、「確定する」ボタンを押して下さい。</p>
${form({
  action: path(row, '/execute'),
  formToken,
  submission,
  content: html`${section('お取引内容', detailFacts(state))}${section(
    '確認用パスワードの入力',
    confirmationPasswordRow(state),
  )}`,
  buttons: {
    primary: '確定する',
    cancel: { label: '申込を中止する', action: path(row, '/cancel') },
    back: { label: '戻る', path: path(row, '/edit') },
  },
})}`;
}

/** What the token shows too; the labels are those of the token, to be compared word by word. */
function confirmedFacts(row: TransferRow): Html {
  return html`<div class="compare">${facts([
    { name: 'お振込申請日時', value: japaneseMinute(row.requested_at?.getTime() ?? 0) },
    { name: 'お振込先', value: codedDestination(row) },
    { name: 'お振込先人名', value: html`<strong class="payee">${row.payee}</strong>` },
    { name: 'お振込金額', value: amountOf(row) },
    { name: '確認番号', value: html`<span class="confirmation-number">${row.number ?? ''}</span>` },
  ])}</div>`;
}

/** Follows the transfer while nobody does anything; without scripts there is the link. */
function following(row: TransferRow, phase: string): Html {
  return html`<p class="follow" data-follow="${path(row, `/status?unless=${phase}`)}"><a href="${path(row)}">最新の状況を表示</a></p>`;
}

/** 取引認証, until the customer has decided. */
export function waitingContent(state: TransferState): Html {
  const { row, formToken } = state;
  const until = row.expires_at && japaneseMinute(row.expires_at.getTime());
  return html`${trouble(state)}
<p class="lead">トークンアプリを起動して、取引内容を確認してください。アプリの「取引認証」に表示される内容と番号が、下の内容と同じことをお確かめのうえ、「お取引内容を確認しました。」にチェックを入れて「OK」を押してください。</p>
<p class="lead">内容が異なる場合やお心当たりのない場合は、アプリで「OK」を押さずに「この取引を拒否する」または「心当たりがない」を押してください。</p>
<div class="state state-waiting"><p role="status" data-announce>トークンアプリでの確認をお待ちしています。</p>
<p class="state-note">${until ? `${until} まで有効です。` : ''}確認されると、この画面が自動的に切り替わります。</p>${following(row, 'waiting')}</div>
${section('お取引内容', confirmedFacts(row))}
<div class="buttons"><form method="post" action="${path(row, '/cancel')}"><input type="hidden" name="form_token" value="${formToken}"><button class="button button-secondary">申込を中止する</button></form></div>`;
}

/** 取引認証, confirmed on the token: 確定する is what is left. */
export function confirmedContent(state: TransferState): Html {
  const { row, formToken, submission, errors } = state;
  const until = row.use_by && japaneseMinute(row.use_by.getTime());
  const fields = row.mode === 'code' ? '取引認証コードと確認用パスワード' : '確認用パスワード';
  return html`${trouble(state)}
<div class="state state-confirmed"><p data-announce>トークンアプリで取引内容が確認されました。お取引はまだ完了していません。</p>
<p class="state-note">${until ? `${until} までに、` : ''}${fields}を入力し、「確定する」ボタンを押して下さい。</p>${following(row, 'confirmed')}</div>
${form({
  action: path(row, '/execute'),
  formToken,
  submission,
  content: html`${section('お取引内容', confirmedFacts(row))}${
    row.mode === 'code' ? section('取引認証コードの入力', codeRow(state)) : nothing
  }${section('確認用パスワードの入力', confirmationPasswordRow({ errors }))}`,
  buttons: { primary: '確定する', cancel: { label: '申込を中止する', action: path(row, '/cancel') } },
})}`;
}

function codeRow({ errors }: TransferState): Html {
  return fieldRow(
    {
      name: 'confirmation_code',
      label: '取引認証コード',
      hint: '(半角数字8桁)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      maxlength: 20,
      note: 'トークンアプリの「取引認証」で内容を確認したあとに表示される8桁の数字です。ログイン用のワンタイムパスワードでは確定できません。',
    },
    errors,
  );
}

/** Claimed, and the token service has not said yet. */
export function runningContent(state: TransferState): Html {
  const { row, formToken, submission } = state;
  return html`${trouble(state)}
<div class="state state-waiting"><p role="status" data-announce>お取引の結果を確認しています。</p>
<p class="state-note">通信が混み合っているか、一時的に途切れています。二重にお手続きされることはありません。この画面を閉じても処理は続き、結果は「振込・振替」の画面でご確認いただけます。</p>${following(row, 'executing')}</div>
${form({
  action: path(row, '/execute'),
  formToken,
  submission,
  content: section('お取引内容', detailFacts(state)),
  buttons: { primary: '結果を確認する', back: { label: '振込・振替へ', path: '/transfer' } },
})}`;
}

export function doneContent(state: TransferState): Html {
  const { row } = state;
  return html`<div class="state state-done"><p data-announce>お${word(row)}を受け付けました。</p></div>
<div class="buttons buttons-print"><button type="button" class="button button-secondary" data-print hidden>ページを印刷する</button></div>
${section(
  '受付内容',
  facts([
    { name: '受付番号', value: html`<span class="number">${row.receipt ?? ''}</span>` },
    { name: '受付日時', value: japaneseSecond(row.done_at?.getTime() ?? 0) },
  ]),
)}
${section('お取引内容', detailFacts(state))}
${navigation([
  { label: '口座情報へ', path: '/accounts' },
  { label: '振込・振替へ', path: '/transfer', kind: 'primary' },
])}`;
}

interface Ending {
  readonly what: string;
  readonly todo: string;
  /** The institution is to be called. */
  readonly call?: boolean;
}

const CODE_NOTE = '取引認証コードの誤りが続いた場合も取り消されます。';

const ENDINGS: Record<Exclude<RefusalReason, 'expired'>, Ending> = {
  rejected: {
    what: 'トークンアプリで「拒否」が選択されたため、お手続きを中止しました。お振込は行われていません。',
    todo: '内容を修正してお振込される場合は、はじめからお手続きください。お心当たりのない通知が届いた場合は、下記までご連絡ください。',
    call: true,
  },
  'not-me': {
    what: 'トークンアプリで「心当たりがない」が選択されたため、お手続きを中止し、トークンを利用停止にしました。お振込は行われていません。',
    todo: '第三者がログインパスワードを知っているおそれがあります。至急、下記までご連絡ください。トークンの利用停止中は、ログインとお振込ができません。',
    call: true,
  },
  cancelled: {
    what: '取引認証が取り消されたため、お手続きを中止しました。お振込は行われていません。',
    todo: `お振込される場合は、はじめからお手続きください。${CODE_NOTE}`,
  },
  token: {
    what: 'トークンがご利用いただけない状態のため、お手続きを中止しました。お振込は行われていません。',
    todo: '「ワンタイムパスワード申請」の画面で登録状況をご確認いただくか、下記までご連絡ください。',
    call: true,
  },
  mismatch: {
    what: '取引認証を確認できなかったため、お手続きを中止しました。お振込は行われていません。',
    todo: 'お振込される場合は、はじめからお手続きください。',
  },
  balance: {
    what: '残高が不足しているため、お手続きを中止しました。お取引は行われていません。',
    todo: '「口座情報」の画面で残高をご確認のうえ、はじめからお手続きください。',
  },
  limit: {
    what: '本日の振込・振替限度額を超えるため、お手続きを中止しました。お取引は行われていません。',
    todo: '金額を変更するか、翌日以降にお手続きください。限度額は「ご利用サービスの変更」の画面で変更できます。',
  },
};

const CANCELLED: Ending = {
  what: 'お申込みを中止しました。お取引は行われていません。',
  todo: 'お手続きされる場合は、「内容を修正する」または「振込・振替へ」ボタンを押して下さい。',
};

/** Nobody decided in time, or it was decided and not used in time. */
function expired({ row, institution }: TransferState): Ending {
  const { decideWithinMinutes, useWithinMinutes } = policyOf(institution);
  const minutes = row.use_by === null ? decideWithinMinutes : useWithinMinutes;
  return {
    what: `有効期限（${minutes}分）を過ぎたため、お手続きを中止しました。お振込は行われていません。`,
    todo: 'お振込される場合は、はじめからお手続きください。通知が届かない場合は、トークンアプリを起動して「取引認証」の画面をご確認ください。',
  };
}

function endingOf(state: TransferState): Ending {
  const { reason } = state.row;
  if (reason === null) return CANCELLED;
  return reason === 'expired' ? expired(state) : ENDINGS[reason];
}

export function stoppedContent(state: TransferState): Html {
  const { row, institution } = state;
  const { what, todo, call } = endingOf(state);
  const { phone, hours } = institution.contact;
  return html`<div class="banner banner-${row.reason === null ? 'info' : 'caution'}"><p data-announce>${what}</p></div>
<p class="lead">${todo}</p>
${call ? section('ご連絡先', html`<p class="phone"><a href="tel:${phone}">${phone}</a></p><p class="lead">受付時間：${hours}</p>`) : nothing}
${section('お取引内容', detailFacts(state))}
${navigation([
  ...(row.reason === null ? [{ label: '内容を修正する', path: path(row, '/edit') }] : []),
  { label: '振込・振替へ', path: '/transfer', kind: 'primary' },
])}`;
}
