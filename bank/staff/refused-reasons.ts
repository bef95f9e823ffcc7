import { REFUSED_FILL_REASONS, type RefusedFillReason } from '../../core/api/refused-fills.ts';
import type { ChartFace } from './charts.ts';

/** What a refusal lay in: the page, the token and its device, or nothing but that the customer has something to do. */
export interface ReasonGroup extends Pick<ChartFace, 'tone'> {
  readonly name: string;
}

const SCREEN: ReasonGroup = { name: '画面・入力欄', tone: 'bad' };
const TOKEN: ReasonGroup = { name: 'トークン・端末の状態', tone: 'over' };
const CUSTOMER: ReasonGroup = { name: 'お客さまの操作待ち', tone: 'good' };

export const REASON_GROUPS: readonly ReasonGroup[] = [SCREEN, TOKEN, CUSTOMER];

interface Reason {
  readonly name: string;
  readonly group: ReasonGroup;
}

/** For staff; customers read of the same in the popup, said to them. */
const REASONS: Readonly<Record<RefusedFillReason, Reason>> = {
  translated: { name: 'ブラウザの翻訳で画面の文字が変わっている', group: SCREEN },
  disabled: { name: '入力欄が入力を受け付けない状態', group: SCREEN },
  'too-small': { name: '入力欄が表示されていない、または小さすぎる', group: SCREEN },
  clipped: { name: '入力欄の一部が切り取られている', group: SCREEN },
  filtered: { name: '入力欄の見た目が加工されている', group: SCREEN },
  faded: { name: '入力欄や文字が薄く、読み取れない', group: SCREEN },
  outside: { name: '入力欄が画面の外にある', group: SCREEN },
  covered: { name: '入力欄に別のものが重なっている', group: SCREEN },
  'other-name': { name: '入力欄の近くに別の名前が見える', group: SCREEN },
  'off-origin': { name: 'フォームの送信先が別のサイト', group: SCREEN },
  get: { name: 'フォームが入力内容をアドレスに含めて送る', group: SCREEN },
  'screen-unknown': { name: '金融機関の画面として登録のない画面', group: SCREEN },
  'form-method': { name: 'フォームの送信方法が示されていない', group: SCREEN },
  'field-changed': { name: '入力の直前に画面や入力欄が変わった', group: SCREEN },
  'confirmation-differs': { name: '画面の内容が、承認した取引と違う', group: SCREEN },
  'token-expired': { name: 'トークンの有効期限切れ', group: TOKEN },
  'token-over': { name: '利用を終えたトークン', group: TOKEN },
  clock: { name: '端末の時計のずれ', group: TOKEN },
  vault: { name: 'ブラウザの保存領域の不具合', group: TOKEN },
  locked: { name: 'トークンがロックされている', group: CUSTOMER },
  unheard: { name: '登録済みのトークンか確かめられない', group: TOKEN },
  'several-tokens': { name: '複数のトークンから選んでいない', group: CUSTOMER },
  'on-request': { name: '「操作したときだけ入力する」の設定', group: CUSTOMER },
  'already-filled': { name: '同じ画面に一度入力した', group: CUSTOMER },
};

const isReason = (text: string): text is RefusedFillReason =>
  (REFUSED_FILL_REASONS as readonly string[]).includes(text);

/** What a later version of the service knows is shown by its own name. */
export const reasonOf = (reason: string): Reason =>
  isReason(reason) ? REASONS[reason] : { name: `その他（${reason}）`, group: SCREEN };
