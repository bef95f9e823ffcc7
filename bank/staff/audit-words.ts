import {
  type AuditEntry,
  type AuditEvent,
  type AuditOutcome,
  auditEventSchema,
  auditOutcomeSchema,
} from '../../core/api/audit.ts';
import { CUSTOMER } from '../../core/api/staff.ts';
import type { TransactionType } from '../../core/transaction/types.ts';
import type { AuditedAct, OwnAct, StaffActOutcome } from '../store/schema.ts';
import type { ActAudited } from '../store/staff-audit.ts';
import { ACT_NAMES, ACTS } from './acts.ts';
import { OUTCOMES } from './pages/records.ts';

/** What was written down, in words. */

export type Who = 'customer' | 'staff' | 'system';

export const WHO_LABELS: Readonly<Record<Who, string>> = {
  customer: 'お客さま',
  staff: '職員',
  system: 'システム',
};

/** Events of tokens, and who causes them where no member of staff does. */
const EVENTS: Readonly<Record<AuditEvent, { readonly name: string; readonly who: Who }>> = {
  issue: { name: 'トークン発行', who: 'customer' },
  enrol: { name: '初期設定', who: 'customer' },
  activate: { name: '利用開始', who: 'customer' },
  verify: { name: 'ワンタイムパスワードの認証', who: 'customer' },
  lock: { name: '認証停止', who: 'system' },
  unlock: { name: '認証停止の解除', who: 'system' },
  suspend: { name: '利用停止', who: 'customer' },
  resume: { name: '利用停止の解除', who: 'system' },
  release: { name: '利用解除', who: 'customer' },
  renew: { name: '有効期限の更新', who: 'customer' },
  bind: { name: 'シリアル番号による利用開始', who: 'customer' },
  exchange: { name: '交換', who: 'customer' },
  pair: { name: 'パソコンとの連携', who: 'customer' },
  unpair: { name: 'パソコンとの連携の解除', who: 'customer' },
  'ask-code': { name: 'コードの承認の依頼', who: 'customer' },
  'decide-code': { name: 'コードの承認の回答', who: 'customer' },
  sign: { name: 'ログインの署名', who: 'customer' },
  resync: { name: 'ハードウェアトークンの再同期', who: 'customer' },
  'begin-import': { name: 'ハードウェアトークンの取込開始', who: 'system' },
  import: { name: 'ハードウェアトークンの取込', who: 'system' },
  export: { name: 'ハードウェアトークンの書き出し', who: 'system' },
  'issue-key': { name: '接続キーの発行', who: 'system' },
  'revoke-key': { name: '接続キーの失効', who: 'system' },
  void: { name: '発行の取消', who: 'system' },
  'begin-replacement': { name: '新しい端末への切替の受付', who: 'customer' },
  replace: { name: '新しいトークンへの交換', who: 'customer' },
  confirm: { name: '取引認証の依頼', who: 'customer' },
  decide: { name: '取引認証の回答', who: 'customer' },
  use: { name: '取引認証の実行', who: 'customer' },
  cancel: { name: '取引認証の取消', who: 'customer' },
  expire: { name: '取引認証の期限切れ', who: 'system' },
};

const TOKEN_OUTCOMES: Readonly<Record<AuditOutcome, string>> = {
  done: '完了',
  wrong: '誤り',
  spent: '使用済み',
  late: '有効時間の経過',
  stopped: '受付停止中',
  overtaken: '状態の変化により不成立',
  differs: '内容の相違',
  limited: '回数の制限',
  taken: '登録済み',
  confirmed: '承認',
  rejected: '拒否',
  'not-me': '心当たりがない',
  cancelled: '取消',
  'not-bound': '新しいトークンが登録されず不成立',
  'off-origin': '登録されたサイトでないため不成立',
};

const TRANSACTION_NAMES: Readonly<Record<TransactionType, string>> = {
  transfer: '振込',
  'limit-change': '限度額の変更',
  'email-change': 'メールアドレスの変更',
  'new-device': '新しい端末でのトークン利用',
};

const isEvent = (text: string): text is AuditEvent => auditEventSchema.safeParse(text).success;
const isOutcome = (text: string): text is AuditOutcome => auditOutcomeSchema.safeParse(text).success;

/** An event that this version does not know is shown by its own name. */
export const eventName = (event: string): string =>
  isEvent(event) ? EVENTS[event].name : `その他（${event}）`;
export const outcomeName = (outcome: string): string =>
  isOutcome(outcome) ? TOKEN_OUTCOMES[outcome] : `その他（${outcome}）`;

export function whoOf({ actor, event, outcome }: Pick<AuditEntry, 'actor' | 'event' | 'outcome'>): Who {
  if (actor === CUSTOMER) return 'customer';
  if (actor !== undefined) return 'staff';
  if (outcome === 'cancelled' || !isEvent(event)) return 'system';
  return EVENTS[event].who;
}

/** `認証停止（誤り10回）`, `取引認証の回答（振込、承認）`, `利用開始（署名）` */
export function wordsOf({ event, outcome, transaction, failures, factors }: AuditEntry): string {
  const said = [
    ...(event !== 'sign' && factors ? ['署名'] : []),
    ...(transaction ? [TRANSACTION_NAMES[transaction]] : []),
    ...(event === 'lock' && failures !== undefined ? [`誤り${failures}回`] : []),
    ...(outcome === 'done' ? [] : [outcomeName(outcome)]),
  ];
  return said.length === 0 ? eventName(event) : `${eventName(event)}（${said.join('、')}）`;
}

const OWN_ACTS: Readonly<Record<OwnAct, string>> = {
  export: '監査記録の書き出し',
  import: 'トークンの取り込み',
  'passkey-add': 'パスキーの登録',
  'passkey-remove': 'パスキーの削除',
  'passkey-reset': '職員のパスキーの解除',
};

const isOwn = (act: AuditedAct): act is OwnAct => act in OWN_ACTS;

export const actName = (act: AuditedAct): string => (isOwn(act) ? OWN_ACTS[act] : ACTS[act].name);

/** `利用停止の申請`, `申込書の登録`, and to which device it was done */
export function actWords({ act, outcome, device }: Pick<ActAudited, 'act' | 'outcome' | 'device'>): string {
  const words = outcome === 'done' ? actName(act) : `${actName(act)}（${OUTCOMES[outcome]}）`;
  return device === null ? words : `${words}：${device}`;
}

/** A choice of the filter: `token verify`, `staff unlock`. */
export const EVENT_CHOICES: readonly { readonly value: string; readonly label: string }[] = [
  ...auditEventSchema.options.map((event) => ({ value: `token ${event}`, label: EVENTS[event].name })),
  ...[...ACT_NAMES, ...(Object.keys(OWN_ACTS) as OwnAct[])].map((act) => ({
    value: `staff ${act}`,
    label: actName(act),
  })),
];

/** One choice for every outcome of something that was not accepted. */
export const NOT_ACCEPTED = {
  value: 'not-accepted',
  label: '不成立（すべて）',
  outcomes: [
    'wrong',
    'spent',
    'late',
    'stopped',
    'overtaken',
    'differs',
    'limited',
    'taken',
    'not-bound',
    'off-origin',
  ],
} as const satisfies { value: string; label: string; outcomes: readonly AuditOutcome[] };

/** Outcomes of both audits, each once. */
export const OUTCOME_CHOICES: readonly { readonly value: string; readonly label: string }[] = [
  ...auditOutcomeSchema.options.map((outcome) => ({
    value: outcome,
    label: outcome === 'done' ? `${TOKEN_OUTCOMES.done}・${OUTCOMES.done}` : TOKEN_OUTCOMES[outcome],
  })),
  ...(Object.keys(OUTCOMES) as StaffActOutcome[])
    .filter((outcome) => !isOutcome(outcome))
    .map((outcome) => ({ value: outcome, label: `職員：${OUTCOMES[outcome]}` })),
  { value: NOT_ACCEPTED.value, label: NOT_ACCEPTED.label },
];
