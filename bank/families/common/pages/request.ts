import { familyOf } from '../../../../core/family/families.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { japaneseMinute, yen } from '../../../format.ts';
import type { RequestRow } from '../../../store/requests.ts';
import type { RefusalReason } from '../../../store/schema.ts';
import { banner, errorSummary, fieldRow, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { contactSection } from './contact.ts';
import type { SubmissionState } from './state.ts';

/** How the pages name what is being confirmed. */
export interface RequestWords {
  /** Heading of the facts: お取引内容. */
  readonly content: string;
  /** A sentence that says what was not done, for a request that ended without success. */
  readonly undone: string;
  /** A phrase for a customer who still wants it: お振込される場合は. */
  readonly wish: string;
  /** Shown while it is confirmed and not yet done. */
  readonly unfinished: string;
  /** Where the customer can find it later. */
  readonly home: { readonly label: string; readonly path: string; readonly name: string };
  /** Where the customer can enter it again. */
  readonly again: { readonly label: string; readonly path: string };
}

/** What the pages of 取引認証 are rendered from, for any kind of request. */
export interface RequestState extends SubmissionState {
  readonly institution: Institution;
  readonly row: RequestRow;
  readonly path: string;
  readonly words: RequestWords;
  /** What was entered. */
  readonly facts: Html;
  /** What the token shows too, under the token's labels, so that customers can compare word by word. */
  readonly confirmedFacts: Html;
  /** The family's second password, needed besides the confirmation. */
  readonly password: { readonly name: string; readonly rows: Html };
}

export const trouble = ({ errors, notice }: SubmissionState) =>
  html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}`;

/** 確認番号, as the token shows it. */
export const numberFact = ({ number }: RequestRow) => ({
  name: '確認番号',
  value: html`<span class="confirmation-number">${number ?? ''}</span>`,
});

/** Makes the page follow the request by itself; without scripts there is the link. */
function following({ path }: RequestState, phase: string): Html {
  return html`<p class="follow" data-follow="${path}/status?unless=${phase}"><a href="${path}">最新の状況を表示</a></p>`;
}

const compared = ({ confirmedFacts }: RequestState) => html`<div class="compare">${confirmedFacts}</div>`;

/** 取引認証, while the customer has not decided. */
export function waitingContent(state: RequestState): Html {
  const { row, path, words, formToken } = state;
  const until = row.expires_at && japaneseMinute(row.expires_at.getTime());
  return html`${trouble(state)}
<p class="lead">トークンアプリを起動して、取引内容を確認してください。アプリの「取引認証」に表示される内容と番号が、下の内容と同じことをお確かめのうえ、「お取引内容を確認しました。」にチェックを入れて「OK」を押してください。</p>
<p class="lead">内容が異なる場合やお心当たりのない場合は、アプリで「OK」を押さずに「この取引を拒否する」または「心当たりがない」を押してください。</p>
<div class="state state-waiting"><p role="status" data-announce>トークンアプリでの確認をお待ちしています。</p>
<p class="state-note">${until ? `${until} まで有効です。` : ''}確認されると、この画面が自動的に切り替わります。</p>${following(state, 'waiting')}</div>
${section(words.content, compared(state))}
<div class="buttons"><form method="post" action="${path}/cancel"><input type="hidden" name="form_token" value="${formToken}"><button class="button button-secondary">申込を中止する</button></form></div>`;
}

/** 取引認証, after the customer confirmed on the token; 確定する is the next step. */
export function confirmedContent(state: RequestState): Html {
  const { row, path, words, formToken, submission, password } = state;
  const until = row.use_by && japaneseMinute(row.use_by.getTime());
  const fields = `${row.mode === 'code' ? '取引認証コードと' : ''}${password.name}`;
  return html`${trouble(state)}
<div class="state state-confirmed"><p data-announce>トークンアプリで取引内容が確認されました。${words.unfinished}</p>
<p class="state-note">${until ? `${until} までに、` : ''}${fields}を入力し、「確定する」ボタンを押して下さい。</p>${following(state, 'confirmed')}</div>
${form({
  action: `${path}/execute`,
  formToken,
  submission,
  content: html`${section(words.content, compared(state))}${
    row.mode === 'code' ? section('取引認証コードの入力', codeRow(state)) : nothing
  }${section(`${password.name}の入力`, password.rows)}`,
  buttons: { primary: '確定する', cancel: { label: '申込を中止する', action: `${path}/cancel` } },
})}`;
}

function codeRow({ errors }: SubmissionState): Html {
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

/** The bank has claimed the request, and the token service has not answered yet. */
export function runningContent(state: RequestState): Html {
  const { path, words, facts, formToken, submission } = state;
  return html`${trouble(state)}
<div class="state state-waiting"><p role="status" data-announce>${words.content.replace('内容', '')}の結果を確認しています。</p>
<p class="state-note">通信が混み合っているか、一時的に途切れています。二重にお手続きされることはありません。この画面を閉じても処理は続き、結果は「${words.home.name}」の画面でご確認いただけます。</p>${following(state, 'executing')}</div>
${form({
  action: `${path}/execute`,
  formToken,
  submission,
  content: section(words.content, facts),
  buttons: { primary: '結果を確認する', back: { label: words.home.label, path: words.home.path } },
})}`;
}

interface Ending {
  readonly what: string;
  readonly todo: string;
  /** Tells the customer to call the institution. */
  readonly call?: boolean;
}

const CODE_NOTE = '取引認証コードの誤りが続いた場合も取り消されます。';

type Endings = Readonly<
  Record<
    Exclude<RefusalReason, 'expired'>,
    (words: RequestWords, institution: Institution, row: RequestRow) => Ending
  >
>;

const ENDINGS: Endings = {
  rejected: ({ undone, wish }) => ({
    what: `トークンアプリで「拒否」が選択されたため、お手続きを中止しました。${undone}`,
    todo: `内容を修正して${wish}、はじめからお手続きください。お心当たりのない通知が届いた場合は、下記までご連絡ください。`,
    call: true,
  }),
  'not-me': ({ undone }) => ({
    what: `トークンアプリで「心当たりがない」が選択されたため、お手続きを中止し、トークンを利用停止にしました。${undone}`,
    todo: '第三者がログインパスワードを知っているおそれがあります。至急、下記までご連絡ください。トークンの利用停止中は、ログインとお振込ができません。',
    call: true,
  }),
  // 「心当たりがない」 for another transaction suspends the token and cancels this one.
  cancelled: ({ undone, wish }, _, { mode }) => ({
    what: `取引認証が取り消されたため、お手続きを中止しました。${undone}`,
    todo: `${wish}、はじめからお手続きください。${mode === 'code' ? CODE_NOTE : ''}トークンが利用停止になっている場合は、下記までご連絡ください。`,
    call: true,
  }),
  token: ({ undone }, institution) => ({
    what: `トークンがご利用いただけない状態のため、お手続きを中止しました。${undone}`,
    todo: `「${familyOf(institution).words.otpMenu}」の画面で登録状況をご確認いただくか、下記までご連絡ください。`,
    call: true,
  }),
  mismatch: ({ undone, wish }) => ({
    what: `取引認証を確認できなかったため、お手続きを中止しました。${undone}`,
    todo: `${wish}、はじめからお手続きください。`,
  }),
  stale: ({ undone, wish }) => ({
    what: `お申込みのあとに別のお手続きで登録内容が変わったため、お手続きを中止しました。${undone}`,
    todo: `${wish}、現在の登録内容をご確認のうえ、はじめからお手続きください。`,
  }),
  payee: ({ undone }) => ({
    what: `お振込先の口座が見つからないため、お手続きを中止しました。${undone}`,
    todo: 'お振込先の支店、預金種目と口座番号をご確認のうえ、はじめからお手続きください。',
  }),
  balance: () => ({
    what: '残高が不足しているため、お手続きを中止しました。お取引は行われていません。',
    todo: '「口座情報」の画面で残高をご確認のうえ、はじめからお手続きください。',
  }),
  limit: (_, institution) => ({
    what: '本日の振込・振替限度額を超えるため、お手続きを中止しました。お取引は行われていません。',
    todo: `金額を変更するか、翌日以降にお手続きください。${familyOf(institution).words.changeLimit}`,
  }),
  'hardware-limit': (_, institution) => ({
    what: `${hardwareLimitWords(institution)}お手続きを中止しました。お取引は行われていません。`,
    todo: HARDWARE_LIMIT_TODO,
  }),
  code: ({ undone, wish }) => ({
    what: `ワンタイムパスワードを確認できなかったため、お手続きを中止しました。${undone}`,
    todo: `${wish}、はじめからお手続きのうえ、トークンに新しく表示されるワンタイムパスワードを入力してください。`,
  }),
};

/** For a token that shows no details: the limit of one transfer, as the reason in a sentence. */
export const hardwareLimitWords = ({ rules: { hardwareLimit } }: Institution): string =>
  hardwareLimit === undefined
    ? 'ハードウェアトークンではお振込をご利用いただけないため、'
    : `ハードウェアトークンでのお振込の上限（1件あたり${yen(hardwareLimit)}）を超えるため、`;

const HARDWARE_LIMIT_TODO =
  '上限を超えるお振込は、お取引の内容を画面で確かめられるソフトウェアトークンをご利用ください。ログイン画面の「ワンタイムパスワード」の「交換」で、ソフトウェアトークンに替えることができます。';

const cancelled = ({ undone, again, home }: RequestWords): Ending => ({
  what: `お申込みを中止しました。${undone}`,
  todo: `お手続きされる場合は、「${again.label}」または「${home.label}」ボタンを押して下さい。`,
});

/** The customer did not decide in time, or the confirmation was not used in time. */
function expired({ row, institution, words }: RequestState): Ending {
  const { decideWithinMinutes, useWithinMinutes } = policyOf(institution);
  const minutes = row.use_by === null ? decideWithinMinutes : useWithinMinutes;
  return {
    what: `有効期限（${minutes}分）を過ぎたため、お手続きを中止しました。${words.undone}`,
    todo: `${words.wish}、はじめからお手続きください。通知が届かない場合は、トークンアプリを起動して「取引認証」の画面をご確認ください。`,
  };
}

function endingOf(state: RequestState): Ending {
  const { row, words, institution } = state;
  if (row.reason === null) return cancelled(words);
  return row.reason === 'expired' ? expired(state) : ENDINGS[row.reason](words, institution, row);
}

export function stoppedContent(state: RequestState): Html {
  const { row, words, facts, institution } = state;
  const { what, todo, call } = endingOf(state);
  return html`<div class="banner banner-${row.reason === null ? 'info' : 'caution'}"><p data-announce>${what}</p></div>
<p class="lead">${todo}</p>
${call ? contactSection(institution) : nothing}
${section(words.content, facts)}
${navigation([
  ...(row.reason === null ? [words.again] : []),
  { label: words.home.label, path: words.home.path, kind: call ? 'secondary' : 'primary' },
])}`;
}
