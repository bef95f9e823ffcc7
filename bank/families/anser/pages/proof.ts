import { ANSER } from '../../../../core/family/anser.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { type Buttons, banner, errorSummary, facts, form, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { type Stopped, stoppedContent } from './stopped.ts';

const { us } = ANSER.words;

/**
 * How a screen asks for the token. code: by a field · waiting: by a challenge that it has still to sign · signed: it has;
 * `goOn` where the page then sends its form by itself · nothing: not now, the notice says why
 */
export type Asking =
  | { readonly kind: 'code' }
  | { readonly kind: 'waiting'; readonly challenge: string; readonly number: string }
  | { readonly kind: 'signed'; readonly challenge: string; readonly goOn: boolean }
  | { readonly kind: 'nothing' };

type Signature = Extract<Asking, { readonly challenge: string }>;

export interface ProofState extends SubmissionState {
  /** Path of the screen, where its form is sent too. */
  readonly path: string;
  /** What the customer is about to do, as a noun. */
  readonly what: string;
  readonly asking: Asking;
  /** The way that the customer may choose instead, if there is one. */
  readonly other: 'signed' | 'code' | undefined;
}

/** What the form has besides the question for the token. */
export interface ProofForm {
  readonly buttons: Buttons;
  readonly beside?: { readonly name: string; readonly rows: (state: SubmissionState) => Html };
}

/** Everything of such a screen below its heading, but for what belongs to one of them only. */
export function proofContent(page: ProofForm, state: ProofState): Html {
  const { errors, notice, asking } = state;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
${asking.kind === 'nothing' ? tryAgain(page, state) : proofForm(page, state, asking)}
${otherWay(state)}`;
}

const tryAgain = ({ buttons: { cancel } }: ProofForm, { path, formToken }: ProofState) =>
  html`<div class="buttons">${
    cancel
      ? html`<form method="post" action="${cancel.action}"><input type="hidden" name="form_token" value="${formToken}"><button class="button button-secondary">${cancel.label}</button></form>`
      : nothing
  }<form method="get" action="${path}"><button class="button button-primary">もう一度確認する</button></form></div>`;

type Asked = Exclude<Asking, { readonly kind: 'nothing' }>;

function proofForm(page: ProofForm, state: ProofState, asking: Asked): Html {
  const { buttons, beside } = page;
  const { path, formToken, submission } = state;
  const besides = beside ? section(`${beside.name}の入力`, beside.rows(state)) : nothing;
  const asked =
    asking.kind === 'code'
      ? html`${besides}${section('ワンタイムパスワードの入力', otpRow(state.errors))}`
      : html`${signature(page, state, asking)}${besides}`;
  return html`<p class="lead">${lead(page, asking)}</p>
${form({ action: path, formToken, submission, content: asked, buttons })}`;
}

function lead({ buttons, beside }: ProofForm, { kind }: Asked): string {
  const press = `「${buttons.primary}」ボタンを押して下さい。`;
  if (kind === 'code') {
    return `${[...(beside ? [beside.name] : []), 'ワンタイムパスワード'].join('・')}を入力し、${press}`;
  }
  if (kind === 'signed') return beside ? `${beside.name}を入力し、${press}` : press;
  return beside
    ? `ワンタイムパスワードの入力は不要です。${beside.name}を入力し、トークンアプリでの確認のあと、${press}`
    : 'ワンタイムパスワードの入力は不要です。トークンアプリで確認されると、自動的に次へ進みます。';
}

/** What follows the challenge, and is replaced alone: what was typed beside it stays. */
const signature = (page: ProofForm, state: ProofState, asking: Signature): Html =>
  section(
    'トークンアプリでの確認',
    html`<input type="hidden" name="challenge" value="${asking.challenge}">
<div data-follow-part>${standing(page, state, asking)}</div>`,
  );

function standing({ buttons, beside }: ProofForm, { path, what }: ProofState, asking: Signature): Html {
  if (asking.kind === 'signed') {
    const { goOn } = asking;
    const next = `${beside ? `${beside.name}を入力し、` : ''}「${buttons.primary}」ボタンを押して下さい。`;
    return html`<div class="state state-confirmed"${goOn ? html` data-go-on` : nothing}><p data-announce>トークンアプリで確認されました。</p>
<p class="state-note">${goOn ? `次へ進んでいます。進まない場合は、${next}` : next}</p></div>`;
  }
  return html`<div class="state state-waiting"><p role="status" data-announce>トークンアプリが、この画面の${what}を確認しています。</p>
<p class="state-note">確認が終わらない場合は、ブラウザーのトークンアプリのアイコンを押して、同じ確認番号をご確認ください。</p>
<p class="follow" data-follow="${path}/status?challenge=${asking.challenge}"><a href="${path}">最新の状況を表示</a></p></div>
${facts([{ name: '確認番号', value: html`<span class="confirmation-number">${asking.number}</span>` }])}`;
}

const OTHER_WAYS = {
  code: {
    heading: 'トークンアプリで確認できないとき',
    label: 'ワンタイムパスワードを入力する',
    note: 'スマートフォンなど、この画面を表示している端末とは別の端末のトークンをご利用の場合は、表示されているワンタイムパスワードを入力してお手続きいただけます。',
  },
  signed: {
    heading: 'ワンタイムパスワードを入力しないとき',
    label: 'トークンアプリで確認する',
    note: 'このブラウザーのトークンアプリをご利用の場合は、ワンタイムパスワードを入力せずにお手続きいただけます。',
  },
} as const;

function otherWay({ path, other, formToken }: ProofState): Html {
  if (other === undefined) return nothing;
  const { heading, label, note } = OTHER_WAYS[other];
  return section(
    heading,
    html`<form method="post" action="${path}/way"><input type="hidden" name="form_token" value="${formToken}"><button class="button button-secondary" name="way" value="${other}">${label}</button></form>`,
    note,
  );
}

/** Why a challenge ended the session that asked for it. */
export type ProofEnd = 'not-me' | 'refused';

export const proofEndedContent = (institution: Institution, what: string, end: ProofEnd): Html =>
  stoppedContent(institution, ENDS[end](what));

const ENDS: Record<ProofEnd, (what: string) => Stopped> = {
  'not-me': (what) => ({
    reason: `トークンアプリで「心当たりがない」が選択されたため、${what}を中止し、トークンを利用停止にしました。`,
    todo: '第三者がログインパスワードを知っているおそれがあります。トークンの利用停止中は、ログインとお振込ができません。至急、下記までご連絡ください。',
  }),
  refused: (what) => ({
    reason: `${us}のものではない画面から確認が送られたため、${what}をお断りし、安全のためログアウトしました。お手続きは行われていません。`,
    todo: `偽の画面が、お客さまと${us}の間に入っているおそれがあります。メールなどのリンクを使わず、画面のアドレスをお確かめのうえ、はじめからログインしてください。お心当たりのない場合は、ログインパスワードを変更し、至急、下記までご連絡ください。`,
  }),
};
