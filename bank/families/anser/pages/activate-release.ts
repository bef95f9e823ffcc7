import type { Institution } from '../../../../core/institution/directory.ts';
import { loginWaysOf } from '../../../../core/institution/login.ts';
import { daysOn } from '../../../format.ts';
import { banner, navigation } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { confirmationPasswordRow } from './issue.ts';
import { type ProofState, proofContent } from './proof.ts';

const LEAVE = {
  cancel: { label: '申込を中止する', action: '/otp/cancel' },
  back: { label: '戻る', path: '/otp' },
};

export const activateConfirmContent = (state: ProofState): Html =>
  proofContent({ buttons: { primary: '利用開始する', ...LEAVE } }, state);

export function activateCompleteContent(institution: Institution): Html {
  const next =
    loginWaysOf(institution)[0] === 'signed' ? 'トークンアプリでの確認' : '「ワンタイムパスワード」の入力';
  return html`<p class="lead">ワンタイムパスワードの利用開始を受け付けました。</p>
${banner('info', `次回のログインから、「ログインID」と「ログインパスワード」に加えて${next}が必要です。`)}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}

export const releaseConfirmContent = (state: ProofState): Html =>
  proofContent(
    {
      buttons: { primary: '解除する', ...LEAVE },
      beside: { name: '確認用パスワード', rows: confirmationPasswordRow },
    },
    state,
  );

export function releaseCompleteContent(reissueAfterDays: number): Html {
  const again = reissueAfterDays === 0 ? '機種変更後に' : `${daysOn(reissueAfterDays)}以降に`;
  return html`<p class="lead">ワンタイムパスワードの利用解除を受け付けました。</p>
${banner('info', `次回のログインから、ワンタイムパスワードの入力は不要です。${again}、新たに「トークン発行」「ワンタイムパスワード利用開始」を実施してワンタイムパスワードの利用を再開ください。`)}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}
