import { ERROR_TEXTS, type ErrorStatus } from '../../web/error.ts';
import { banner, navigation } from '../../web/form.ts';
import { type Html, html } from '../../web/html.ts';
import { unsentReason } from './reason.ts';

/** Texts for staff, where the bank's texts for customers do not fit. */
const OWN: Readonly<Partial<Record<ErrorStatus, string>>> = {
  403: '画面の有効期限が過ぎたか、この画面から送信された操作ではないため受け付けられませんでした。何も変更していません。',
  404: '該当するお客さま、お手続き、申請、またはページはありません。',
  429: '短い時間に何度もサインインの操作があったため、ただいま受け付けられません。しばらく待ってから、もう一度サインインしてください。',
  500: 'システムエラーが発生しました。お手続きの結果は、お客さまの画面の「お手続きの記録」で確認してください。',
  503: '必要なシステムに接続できないため、ただいま利用できません。お手続き中だった場合は、その結果をお客さまの画面の「お手続きの記録」で確認してください。',
};

export function errorContent(status: ErrorStatus, isSignedIn: boolean, what?: string, reason = ''): Html {
  return html`${banner('caution', what ?? OWN[status] ?? ERROR_TEXTS[status].what)}${unsentReason(reason)}
${navigation([
  isSignedIn ? { label: '対応待ちへ', path: '/' } : { label: 'サインインへ', path: '/sign-in' },
])}`;
}
