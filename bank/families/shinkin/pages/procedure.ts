import { japaneseSecond } from '../../../format.ts';
import type { OtpProcedure } from '../../../store/otp-procedures.ts';
import {
  banner,
  errorSummary,
  type FieldError,
  facts,
  fieldRow,
  form,
  navigation,
  radios,
  section,
} from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import type { FormState, SubmissionState } from '../../common/pages/state.ts';
import type { Procedure } from '../procedures.ts';
import { contractRows } from './login.ts';
import { TOKENS_HEADING, tokenPictures } from './tokens.ts';

const LEAVE = { label: 'ログイン画面に戻る', action: '/otp-service/leave' } as const;

/** 利用者認証. */
export function procedureLoginContent(
  { kind, name, path }: Procedure,
  { formToken, errors, notice }: FormState,
): Html {
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
${section(`ワンタイムパスワード${name}の流れ`, html`<ol class="help-steps">${FLOWS[kind].map((step) => html`<li>${step}</li>`)}</ol>`)}
${form({
  action: path,
  formToken,
  content: section(name, contractRows(errors)),
  buttons: { primary: '次へ', back: { label: '戻る', path: '/' } },
})}`;
}

const LOG_IN = '契約者IDおよびログインパスワードを入力し、「次へ」ボタンを押してください。';

const FLOWS: Readonly<Record<Procedure['kind'], readonly (string | Html)[]>> = {
  register: [
    html`トークンの準備：ワンタイムパスワードの利用を開始されるお客さまは、事前にトークンをご用意ください。トークンの詳細は、<a href="/otp-guide">「${TOKENS_HEADING}」</a>をご覧ください。`,
    LOG_IN,
    'シリアル番号とワンタイムパスワードを登録します。',
  ],
  exchange: [
    'これまでのトークンと、新しいトークンの両方をお手元にご用意ください。',
    LOG_IN,
    'これまでのトークンのワンタイムパスワードと、新しいトークンのシリアル番号、ワンタイムパスワードを入力します。',
  ],
  stop: [
    'ご利用中のトークンをお手元にご用意ください。表示できない場合は、「お困りのとき」をご覧ください。',
    LOG_IN,
    'ワンタイムパスワードを入力し、利用を中止します。',
  ],
  resync: [
    'ご利用中のハードウェアトークンをお手元にご用意ください。ソフトウェアトークンに、再同期は必要ありません。',
    LOG_IN,
    '続けて表示される2つのワンタイムパスワードを入力します。',
  ],
};

export interface ProcedureState extends SubmissionState {
  readonly serial: string;
  /** The chosen ログイン時のワンタイムパスワード認証可否. */
  readonly loginOtp: boolean;
  readonly positions: Html;
}

export function procedureContent(procedure: Procedure, state: ProcedureState): Html {
  const { formToken, submission, errors, notice, positions } = state;
  const { kind, path, button } = procedure;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<div class="lead">${LEADS[kind]}</div>
${form({
  action: `${path}/input`,
  formToken,
  submission,
  content: html`${ROWS[kind](state)}${section('資金移動用パスワード入力', positions)}`,
  buttons: { primary: button, cancel: LEAVE },
})}
${kind === 'register' || kind === 'exchange' ? section('シリアル番号およびワンタイムパスワードの確認方法', tokenPictures()) : nothing}`;
}

const LEADS: Readonly<Record<Procedure['kind'], Html>> = {
  register: html`<p>ご利用を開始するワンタイムパスワードの利用登録を行います。シリアル番号、ワンタイムパスワードを入力し、「登録」ボタンを押してください。</p><p>トークンをご用意いただいていない場合は、<a href="/otp-guide" target="_blank" rel="noopener">こちらの画面（新しいタブで開きます）</a>より入手してください。</p>`,
  exchange: html`<p>ご利用になるトークンを交換します。これまでのトークンと新しいトークンについて入力し、「交換」ボタンを押してください。交換すると、これまでのトークンは使えなくなります。</p>`,
  stop: html`<p>ワンタイムパスワードの利用を中止します。ワンタイムパスワードを入力し、「利用中止」ボタンを押してください。中止すると、これまでのトークンは使えなくなり、もう一度登録することはできません。お振込のご利用を再開するには、新しいトークンでの利用開始が必要です。</p>`,
  resync: html`<p>何度もボタンを押したときや、長いあいだ使わなかったときは、ハードウェアトークンと当金庫とで、ワンタイムパスワードの順番や時刻がずれることがあります。続けて表示される2つのワンタイムパスワードを、表示された順に入力し、「再同期」ボタンを押してください。</p>`,
};

type Row = Pick<ProcedureState, 'errors' | 'serial' | 'loginOtp'>;

const serialRow = ({ errors, serial }: Row, label: string): Html =>
  fieldRow(
    {
      name: 'serial',
      label,
      hint: '(半角英数字)',
      type: 'text',
      autocomplete: 'off',
      maxlength: 64,
      value: serial,
      note: 'ソフトウェアトークンのシリアル番号に、数字の0（ゼロ）と1（いち）、英字のO（オー）、I（アイ）、L（エル）は使われていません。',
    },
    errors,
  );

/** The token never fills it: only a device has another code at once. */
const nextRow = (errors: readonly FieldError[], label: string): Html =>
  otpRow(errors, {
    name: 'otp_next',
    label,
    hint: '(半角数字、ハードウェアトークンのみ)',
    autocomplete: 'off',
    optional: true,
    note: 'ハードウェアトークンの場合は、続けて表示されるワンタイムパスワードも入力してください。ソフトウェアトークンの場合は、入力不要です。',
  });

const LOGIN_OTP = [
  { value: 'yes', label: '認証する' },
  { value: 'no', label: '認証しない' },
];

const ROWS: Readonly<Record<Procedure['kind'], (row: Row) => Html>> = {
  register: (row) =>
    html`${section(
      'ワンタイムパスワードの登録',
      html`${serialRow(row, 'シリアル番号')}${otpRow(row.errors)}${nextRow(row.errors, '次のワンタイムパスワード')}`,
    )}${section(
      '利用設定',
      html`${radios('login_otp', 'ログイン時のワンタイムパスワード認証可否', LOGIN_OTP, {
        chosen: row.loginOtp ? 'yes' : 'no',
      })}<p class="note">「認証しない」を選択した場合も、お振込にはワンタイムパスワード、またはトークンアプリでの取引認証が必要です。</p>`,
    )}`,
  exchange: (row) =>
    html`${section(
      'これまでのトークン',
      otpRow(row.errors, { name: 'otp_old', label: '現在のワンタイムパスワード' }),
    )}${section(
      '新しいトークン',
      html`${serialRow(row, '新しいシリアル番号')}${otpRow(row.errors, { label: '新しいワンタイムパスワード', autocomplete: 'off' })}${nextRow(row.errors, '新しいトークンの次のワンタイムパスワード')}`,
    )}`,
  stop: (row) => section('ワンタイムパスワードの入力', otpRow(row.errors)),
  resync: ({ errors }) =>
    section(
      '続けて表示されるワンタイムパスワード',
      html`${otpRow(errors, { autocomplete: 'off' })}${otpRow(errors, {
        name: 'otp_next',
        label: '次のワンタイムパスワード',
        autocomplete: 'off',
        note: '1つ目を入力したあと、表示が次のワンタイムパスワードに変わってから入力してください。ボタンで表示するトークンは、もう一度ボタンを押してください。',
      })}`,
    ),
};

/** The procedure has begun, and the token service has not answered: the bank finds out by itself. */
export const procedureRunningContent = (
  path: string,
  { name }: Pick<Procedure, 'name'>,
  { id }: Pick<OtpProcedure, 'id'>,
): Html =>
  html`<div class="state state-waiting"><p role="status" data-announce>ワンタイムパスワード${name}の結果を確認しています。</p>
<p class="state-note">通信が混み合っているか、一時的に途切れています。入力内容はお預かりしていますので、もう一度入力していただく必要はありません。二重にお手続きされることもありません。この画面を閉じても確認は続きます。</p></div>
<p class="lead">お手続きが完了すると、ご登録のEメールアドレスへお知らせをお送りします。お知らせが届かない場合は、しばらくしてから、ログイン画面の「ワンタイムパスワード」の「${name}」にお進みください。お手続きの結果をご案内します。</p>
<form class="buttons" method="get" action="${path}"><input type="hidden" name="of" value="${id}"><button class="button button-primary">結果を確認する</button></form>
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: LEAVE.label, path: '/' },
])}`;

/** Why the procedure is not possible at present. */
export const procedureRefusedContent = (refusal: string): Html =>
  html`${banner('caution', refusal)}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: LEAVE.label, path: '/' },
])}`;

const choice = (loginOtp: boolean): string => (loginOtp ? '認証する' : '認証しない');

/** 処理結果. */
export function procedureDoneContent(
  { kind, done }: Procedure,
  { receipt, done_at: at, serial, login_otp: loginOtp }: OtpProcedure,
): Html {
  return html`<div class="state state-done"><p data-announce>${done}</p></div>
<div class="buttons buttons-print"><button type="button" class="button button-secondary" data-print hidden>ページを印刷する</button></div>
${section(
  '受付内容',
  facts([
    { name: '受付番号', value: html`<span class="number">${receipt ?? ''}</span>` },
    { name: '受付時刻', value: japaneseSecond(at?.getTime() ?? 0) },
  ]),
)}
${
  serial === null
    ? nothing
    : section(
        '登録内容',
        facts([
          { name: 'シリアル番号', value: html`<span class="number">${serial}</span>` },
          ...(loginOtp === null
            ? []
            : [{ name: 'ログイン時のワンタイムパスワード認証要否', value: choice(loginOtp) }]),
        ]),
      )
}
<p class="lead">${AFTER[kind]}ご登録のEメールアドレスへ、お知らせをお送りします。</p>
${navigation([{ label: LEAVE.label, path: '/', kind: 'primary' }])}`;
}

const AFTER: Readonly<Record<Procedure['kind'], string>> = {
  register: '',
  exchange: 'これまでのトークンは使えなくなりました。トークンアプリでは、トークンを削除してください。',
  stop: 'これまでのトークンは使えなくなりました。トークンアプリでは、トークンを削除してください。',
  resync: '次のお手続きでは、ハードウェアトークンに新しく表示されるワンタイムパスワードを入力してください。',
};
