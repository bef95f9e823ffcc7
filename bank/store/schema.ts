import type { ColumnType, Generated } from 'kysely';
import type { TokenStatus } from '../../core/api/bank.ts';
import type { AccountType, TransactionType } from '../../core/transaction/types.ts';

/** Sealed with `core/vault/seal`: unreadable without the bank's key. */
type SealedColumn = ColumnType<Uint8Array<ArrayBuffer>, Uint8Array, Uint8Array>;

/** Every type but the transfer. */
export type ChangeType = Exclude<TransactionType, 'transfer'>;

/** Yen. Drivers return 64-bit integers as text or as a number. */
type Yen = ColumnType<string | number, number, number>;

/**
 * entered → waiting (取引認証 asked for) → executing → done; without 取引認証 entered → executing → done.
 * Any state before done → refused; any state before executing → cancelled. After a wrong code executing → waiting.
 */
export type RequestState = 'entered' | 'waiting' | 'executing' | 'done' | 'refused' | 'cancelled';

/**
 * rejected, not-me, expired, cancelled: how the confirmation ended · token: the token can no longer confirm ·
 * mismatch: not what was confirmed · balance · limit · payee: this institution has no such account ·
 * stale: what the change starts from has changed
 */
export type RefusalReason =
  | 'rejected'
  | 'not-me'
  | 'expired'
  | 'cancelled'
  | 'token'
  | 'mismatch'
  | 'balance'
  | 'limit'
  | 'hardware-limit'
  | 'code'
  | 'payee'
  | 'stale';

export interface CustomersTable {
  id: string;
  institution: string;
  login_id: string;
  name: string;
  password_hash: string;
  /** Hash of the 確認用パスワード; null if the family has none. */
  confirmation_hash: string | null;
  /** Address for notices: that of the last issue, or a later one if it was changed. */
  email: string | null;
  /** The customer's current token at the token service. */
  user_id: string | null;
  /** 有効期限 of that token as last known; null if unknown, or if it does not matter (see `store/token-ends.ts`). */
  token_ends_at: Date | null;
  /** How many days before the 有効期限 the last reminder was sent. */
  end_told: number | null;
  /** When to check the 有効期限 next; null means at once. */
  end_look_at: Date | null;
  /** The token whose 認証停止 the customer was told of. */
  lock_notified: string | null;
  /** 一日あたりの振込・振替限度額; null if it was never changed. */
  daily_limit: Yen | null;
  /** The limit applied for, and when it takes effect. */
  next_limit: Yen | null;
  next_limit_from: Date | null;
  /** When it was applied for. */
  limit_set_at: Date | null;
  /** When staff registered the paper application for one-time passwords. */
  applied_at: Date | null;
  /** The token that staff ended with 交換: after it another may be issued at once. */
  reissue_of: string | null;
  /** Whether the login asks for the ワンタイムパスワード, if the customer can choose. */
  login_otp: Generated<boolean>;
}

/** 資金移動用パスワード, stored so that two of its digits can be checked; see `customer/position-codes.ts`. */
export interface PositionalPasswordsTable {
  customer_id: string;
  salt: Uint8Array;
  macs: Uint8Array;
}

/** The positions a customer is asked for, until they give the right digits and the work is done. */
export interface PositionChallengesTable {
  customer_id: string;
  first: number;
  second: number;
  made_at: Date;
}

/** register: 利用開始 · exchange: 交換 · stop: 利用中止 · resync: 再同期 */
export type OtpProcedureKind = 'register' | 'exchange' | 'stop' | 'resync';

/** What customers of しんきん banks do with a token from the login page. claimed → done or refused; a customer has one claimed at a time. */
export interface OtpProceduresTable {
  /** Derived from the form and its input. */
  id: string;
  institution: string;
  customer_id: string;
  kind: OtpProcedureKind;
  /** Changed by conditional updates only. */
  state: 'claimed' | 'done' | 'refused';
  /** The token it starts from; null if there is none. */
  user_id: string | null;
  /** シリアル番号 of the new token; null for 利用中止 and 再同期. */
  serial: string | null;
  /** ログイン時のワンタイムパスワード認証可否, chosen at 利用開始. */
  login_otp: boolean | null;
  /** The codes to present, sealed; only while claimed. */
  codes: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array | null>;
  created_at: Date;
  /** When the bank last tried it by itself. */
  tried_at: Date | null;
  done_at: Date | null;
  /** 受付番号, from the same series as those of transfers. */
  receipt: string | null;
}

/** The tokens that a contract has or had, one at a time. */
export interface CustomerTokensTable {
  customer_id: string;
  /** ユーザID of the token. */
  user_id: string;
  /** Null if nobody recorded it. */
  held_from: Date | null;
  /** Until 利用解除, or until another token replaced it; null while the contract has it. */
  held_until: Date | null;
}

/** 職員 who work at the console. */
export interface StaffTable {
  id: string;
  institution: string;
  /** 職員ID, unique within the institution. */
  staff_id: string;
  name: string;
  password_hash: string;
  role: StaffRole;
}

/** clerk: 担当者 · supervisor: 役席者, who also approves · auditor: 監査, who reads everything and changes nothing */
export type StaffRole = 'clerk' | 'supervisor' | 'auditor';

/**
 * Acts that one member of staff proposes and another approves. unlock: 認証停止の解除 · suspend: 利用停止 ·
 * resume: 利用停止の解除 · replace: 交換 · release: 利用解除 · limit: 限度額の変更
 */
export type ProposedAct = 'unlock' | 'suspend' | 'resume' | 'replace' | 'release' | 'limit';

/** register: 申込書の登録 · emergency: 緊急利用停止, which one clerk does alone */
export type CustomerAct = ProposedAct | 'register' | 'emergency' | 'unpair';

/** Acts that concern no customer: 監査記録の書き出し; adding, removing and (by a supervisor) resetting passkeys. */
export type OwnAct = 'export' | 'import' | 'passkey-add' | 'passkey-remove' | 'passkey-reset';

/** Everything that the audit of staff records. */
export type AuditedAct = CustomerAct | OwnAct;

/**
 * done · refused: it did not fit the state and changed nothing · unanswered: the token service did not say what happened ·
 * proposed, approved, declined, withdrawn: steps of a proposal · reviewed: a supervisor has reviewed it ·
 * filed: a paper that asks for it was registered
 */
export type StaffActOutcome =
  | 'done'
  | 'refused'
  | 'unanswered'
  | 'proposed'
  | 'approved'
  | 'declined'
  | 'withdrawn'
  | 'reviewed'
  | 'filed';

/** What staff did or were refused. A trigger refuses update, delete and truncate. */
export interface StaffActsTable {
  id: Generated<string>;
  /** Key of the form it came from: each outcome of a form is written once. */
  key: string;
  at: Date;
  institution: string;
  /** 職員ID of the clerk. */
  staff_id: string;
  /** Null if it concerns no customer. */
  customer_id: string | null;
  /** The token it was done to. */
  user_id: string | null;
  act: AuditedAct;
  reason: string;
  outcome: StaffActOutcome;
  /** The 申請 it belongs to. */
  proposal: ColumnType<string | null, string | null | undefined, never>;
  /** The device it was done to, and what that said it was; null unless it was done to one. */
  device_id: ColumnType<string | null, string | null | undefined, never>;
  device: ColumnType<string | null, string | null | undefined, never>;
}

/**
 * waiting → approved → done, or → failed if it no longer fits; waiting → declined or withdrawn. A proposal that is still
 * waiting at its deadline has expired; the state is set when the same is proposed again.
 */
export type ProposalState = 'waiting' | 'approved' | 'done' | 'failed' | 'declined' | 'withdrawn' | 'expired';

/** 申請: a clerk proposes, a supervisor decides. */
export interface ProposalsTable {
  id: Generated<string>;
  institution: string;
  customer_id: string;
  /** The token it is for, and the token's status when it was proposed; null if there was none. */
  user_id: string | null;
  token_status: TokenStatus | null;
  act: ProposedAct;
  /** 一日あたりの振込・振替限度額 when it was proposed, and the proposed one; null for other acts. */
  old_limit: Yen | null;
  new_limit: Yen | null;
  reason: string;
  /** 職員ID. */
  proposed_by: string;
  proposed_at: Date;
  ends_at: Date;
  /** Changed by conditional updates only. */
  state: ProposalState;
  /** 職員ID of who approved, declined or withdrew it, and the reason. */
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  /** When the bank last tried it by itself. */
  tried_at: Date | null;
}

/** 緊急利用停止 that a supervisor must review or has reviewed. */
export interface ReviewsTable {
  id: Generated<string>;
  /** Key of the form that did it. */
  key: string;
  institution: string;
  customer_id: string;
  user_id: string;
  reason: string;
  acted_by: string;
  acted_at: Date;
  /** When the bank last tried it by itself, after a lost answer. */
  tried_at: Date | null;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  comment: string | null;
}

/** Removals of paired devices by staff, until the token service has said what became of them. */
export interface UnpairingsTable {
  /** Key of the form that did it. */
  id: string;
  institution: string;
  customer_id: string;
  user_id: string;
  device_id: string;
  /** What it said it was. */
  device: string;
  reason: string;
  acted_by: string;
  acted_at: Date;
  /** When the bank last tried it by itself, after a lost answer. */
  tried_at: Date | null;
}

/** What a customer applied for with a token, until it is known what became of it and they are told by mail. */
export interface LeftApplicationsTable {
  institution: string;
  customer_id: string;
  /** Of the token in use. */
  user_id: string;
  use: 'activate' | 'release' | 'renew' | 'replace';
  /** The token that was to replace it before it was asked for another. */
  replacement_before: string | null;
  presented_at: Date;
  /** When the bank last asked by itself, after a lost answer. */
  tried_at: Date | null;
}

/** Passkeys of staff: the second step of their sign-in. */
export interface StaffPasskeysTable {
  /** Id of the credential, as base64url. */
  id: string;
  clerk_id: string;
  /** The name its owner gave it. */
  name: string;
  /** COSE (RFC 9052). */
  public_key: Uint8Array;
  /** Grows with each use, if the passkey counts. */
  counter: ColumnType<string | number, number, number>;
  added_at: Date;
  used_at: Date | null;
}

/** Challenges to a passkey that are not answered yet. */
export interface StaffChallengesTable {
  challenge: string;
  /** SHA-256 of the session's id. */
  session_hash: string;
  purpose: string;
  made_at: Date;
}

/** application: ワンタイムパスワード申込書 · suspension: 利用停止届 · cancellation: 解約届 */
export type PaperKind = 'application' | 'suspension' | 'cancellation';

/** A paper that a customer handed in, as staff registered it. */
export interface PapersTable {
  id: Generated<string>;
  /** Key of the form that registered it. */
  key: string;
  institution: string;
  customer_id: string;
  kind: PaperKind;
  /** Who brought the paper. */
  brought_by: string;
  /** The day in Japan, such as `2026-11-27`. */
  received_on: string;
  /** What the paper asks for. */
  asked: string;
  /** 職員ID. */
  registered_by: string;
  registered_at: Date;
}

/** Files of hardware tokens that staff import at the console; how far each is, the token service knows. */
export interface TokenImportsTable {
  institution: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  digest: string;
  file_name: string;
  /** 職員ID of whoever began it. */
  staff_id: string;
  begun_at: Date;
  /** How many rows of the file are not taken. */
  refused: number;
  /** The first of them, as JSON: lines with reasons. */
  refused_rows: string;
  /** When it was broken off; null while it is sent, and when it is over. */
  stopped_at: Date | null;
}

/** Forms that a member of staff sent after the session had ended; kept until they sign in again. */
export interface StaffDraftsTable {
  /** Id of the member of staff. */
  clerk_id: string;
  /** Path of the form. */
  path: string;
  typed: SealedColumn;
  kept_at: Date;
}

/** An account of a customer at their institution. */
export interface AccountsTable {
  id: string;
  institution: string;
  customer_id: string;
  /** 0 is the 代表口座. */
  position: number;
  type: AccountType;
  branch_code: string;
  branch_name: string;
  number: string;
  balance: Yen;
}

/** 入出金明細: movements on an account, each with the balance after it. */
export interface EntriesTable {
  id: Generated<string>;
  account_id: string;
  transfer_id: string;
  at: Date;
  /** Negative if money left. */
  amount: Yen;
  balance: Yen;
  memo: string;
}

/** 登録済みの振込先. */
export interface PayeesTable {
  id: string;
  customer_id: string;
  bank_code: string;
  bank_name: string;
  branch_code: string;
  branch_name: string;
  account_type: AccountType;
  account_number: string;
  name: string;
}

/** Columns shared by everything that customers apply for and confirm on the token. */
export interface RequestColumns {
  id: string;
  institution: string;
  customer_id: string;
  /** Changed by conditional updates only. */
  state: RequestState;
  /** Why it was refused; null if it was not. */
  reason: RefusalReason | null;
  /** How often its form was refused; each refusal makes the next form another one. */
  attempt: number;
  created_at: Date;
  /** The token that was asked, its confirmation, and what the bank knows of that. */
  user_id: string | null;
  confirmation_id: string | null;
  decision: 'waiting' | 'confirmed' | null;
  mode: 'approve' | 'code' | null;
  number: string | null;
  requested_at: Date | null;
  expires_at: Date | null;
  use_by: Date | null;
  /** The token service must still be told that it was cancelled. */
  cancel_due: boolean;
  /** When the bank last tried it by itself. */
  tried_at: Date | null;
  /** While executing: the start time, and the code to present, sealed. */
  claimed_at: Date | null;
  code: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array | null>;
  done_at: Date | null;
}

export interface TransfersTable extends RequestColumns {
  /** `own` is 振替, between accounts of the same customer; it needs no 取引認証. */
  kind: 'transfer' | 'own';
  from_account: string;
  bank_code: string;
  bank_name: string;
  branch_code: string;
  branch_name: string;
  account_type: AccountType;
  account_number: string;
  payee: string;
  amount: Yen;
  /** It counts for the Japanese day of this moment. */
  counted_at: Date | null;
  /** 受付番号. */
  receipt: string | null;
}

/** Changes to the bank's data about a customer, confirmed on the token. */
export interface ChangesTable extends RequestColumns {
  type: ChangeType;
  /** The transaction as its canonical text: it is sent to be confirmed and later verified. */
  details: string;
  /** 受付番号, from the same series as those of transfers. */
  receipt: string | null;
}

/** Security events received, so that a repeated one changes nothing. */
export interface SecurityEventsTable {
  /** SHA-256 of issuer and `jti`. */
  id: string;
  at: Date;
}

export interface AttemptsTable {
  customer_id: string;
  kind: string;
  failures: number;
  locked_until: Date | null;
}

export interface SessionsTable {
  /** SHA-256 of the session id; the id itself exists only in the customer's cookie. */
  id_hash: string;
  institution: string;
  /** The customer, or `staff console` and the id of the member of staff, it belongs to; null for a session that may do nothing. */
  customer_id: string | null;
  data: SealedColumn;
  created_at: Date;
  last_seen_at: Date;
  ended_at: Date | null;
  /** Whether an act of staff on the customer's token ended it. */
  ended_by_staff: Generated<boolean>;
}

export interface LoginsTable {
  id: Generated<string>;
  customer_id: string;
  at: Date;
  method: string;
}

export interface OutboxTable {
  id: string;
  institution: string;
  customer_id: string;
  kind: string;
  recipient: string;
  /** Subject and text; deleted after delivery, or when it is given up. */
  content: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array, Uint8Array | null>;
  attempts: Generated<number>;
  created_at: Date;
  next_attempt_at: Date;
  /** When it was delivered or given up. */
  sent_at: Date | null;
  given_up: Generated<boolean>;
}

export interface SubmissionsTable {
  id: string;
  started_at: Date;
  /** How often the work was started; more than once if an answer was lost. */
  tries: number;
  outcome: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array>;
}

export interface PendingVoidsTable {
  institution: string;
  user_id: string;
  created_at: Date;
  tried_at: Generated<Date | null>;
}

/** One row; see `host/key-check.ts`. */
interface KeyChecksTable {
  name: string;
  sealed: Uint8Array;
  /** The keys in use, sealed, once the bank's key was changed; see `kept-keys.ts`. */
  bank_keys: Uint8Array | null;
}

export interface Schema {
  customers: CustomersTable;
  positional_passwords: PositionalPasswordsTable;
  position_challenges: PositionChallengesTable;
  otp_procedures: OtpProceduresTable;
  left_applications: LeftApplicationsTable;
  customer_tokens: CustomerTokensTable;
  staff: StaffTable;
  staff_acts: StaffActsTable;
  proposals: ProposalsTable;
  reviews: ReviewsTable;
  unpairings: UnpairingsTable;
  papers: PapersTable;
  staff_drafts: StaffDraftsTable;
  token_imports: TokenImportsTable;
  staff_passkeys: StaffPasskeysTable;
  staff_challenges: StaffChallengesTable;
  attempts: AttemptsTable;
  sessions: SessionsTable;
  logins: LoginsTable;
  outbox: OutboxTable;
  submissions: SubmissionsTable;
  pending_voids: PendingVoidsTable;
  accounts: AccountsTable;
  entries: EntriesTable;
  payees: PayeesTable;
  transfers: TransfersTable;
  changes: ChangesTable;
  security_events: SecurityEventsTable;
  key_checks: KeyChecksTable;
}
