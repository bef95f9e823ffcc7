import type { Institution } from '../../../core/institution/directory.ts';
import { japaneseSecond } from '../../format.ts';
import type { Customer } from '../../store/customers.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { StaffActRow } from '../../store/staff.ts';
import { banner, facts, navigation } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACTS, doneOf } from '../acts.ts';
import { customerPath, proposalPath } from '../paths.ts';
import { OUTCOMES } from './records.ts';

interface RecordState {
  readonly institution: Institution;
  readonly customer: Customer;
  readonly act: StaffActRow;
  /** The mail to the customer, as long as the outbox keeps it. */
  readonly mail: Pick<OutboxRow, 'recipient' | 'sent_at' | 'given_up'> | undefined;
}

/** What came of an act. */
export function recordContent({ institution, customer, act, mail }: RecordState): Html {
  return html`${act.outcome === 'done' ? banner('info', doneOf(act.act, institution)) : banner(isFailure(act) ? 'caution' : 'info', TOLD[act.outcome])}
${facts([
  { name: '記録番号', value: html`<span class="number">${act.id}</span>` },
  { name: '日時', value: japaneseSecond(act.at.getTime()) },
  { name: 'お客さま', value: `${customer.name} 様（${customer.login_id}）` },
  { name: 'お手続き', value: ACTS[act.act].name },
  { name: '結果', value: OUTCOMES[act.outcome] },
  ...(act.device === null ? [] : [{ name: '対象のパソコン', value: act.device }]),
  { name: '理由', value: act.reason },
  { name: '担当者', value: act.staff_id },
  ...(act.user_id === null
    ? []
    : [{ name: 'トークンのユーザID', value: html`<span class="number">${act.user_id}</span>` }]),
  ...(act.proposal === null
    ? []
    : [{ name: '申請', value: html`<a href="${proposalPath(act.proposal)}">申請番号 ${act.proposal}</a>` }]),
  ...(mail === undefined ? [] : [{ name: 'お客さまへのメール', value: mailState(mail) }]),
])}
${act.outcome === 'done' && mail === undefined && customer.email === null ? banner('caution', NO_ADDRESS) : nothing}
${navigation([
  { label: 'お客さまの画面へ', path: customerPath(customer.id), kind: 'primary' },
  { label: '対応待ちへ', path: '/', kind: 'secondary' },
])}`;
}

const NO_ADDRESS =
  'メールアドレスの登録がないため、お客さまへのメールは送信していません。お電話などでお知らせください。';

const TOLD = {
  refused: '行われませんでした。何も変更していません。',
  unanswered:
    'トークンサービスから応答がなく、結果を確認できませんでした。現在の状態をお客さまの画面で確認してください。',
  proposed: '役席者の承認を申請しました。',
  approved: '申請を承認しました。',
  declined: '申請を却下しました。何も変更していません。',
  withdrawn: '申請を取り下げました。何も変更していません。',
  reviewed: '緊急利用停止を確認しました。',
  filed: '書類を登録しました。お手続きは、まだ行われていません。',
} as const;

const isFailure = ({ outcome }: StaffActRow) => outcome === 'refused' || outcome === 'unanswered';

const mailState = ({ recipient, sent_at, given_up }: NonNullable<RecordState['mail']>): Html =>
  html`${recipient} <span class="soft">${sent_at === null ? '送信待ち' : `${japaneseSecond(sent_at.getTime())} ${given_up ? '不達' : '送信済'}`}</span>`;
