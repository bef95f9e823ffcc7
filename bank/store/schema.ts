import type { ColumnType, Generated } from 'kysely';
import type { TokenStatus } from '../../core/api/bank.ts';
import type { AccountType, TransactionType } from '../../core/transaction/types.ts';

/** Sealed with `core/vault/seal`: unreadable without the bank's key. */
type SealedColumn = ColumnType<Uint8Array<ArrayBuffer>, Uint8Array, Uint8Array>;

/** What is no transfer. */
export type ChangeType = Exclude<TransactionType, 'transfer'>;

/** Yen. Drivers give 64-bit integers as text or number. */
type Yen = ColumnType<string | number, number, number>;

/**
 * entered → waiting (取引認証 asked for) → executing → done, or entered → executing → done where none is needed;
 * before done also → refused, and before executing → cancelled. From executing a wrong code leads back to waiting.
 */
export type RequestState = 'entered' | 'waiting' | 'executing' | 'done' | 'refused' | 'cancelled';

/**
 * rejected, not-me, expired, cancelled: what became of the confirmation · token: the token can no longer confirm ·
 * mismatch: not what was confirmed · balance · limit · stale: what it starts from is no longer so
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
  | 'stale';

export interface CustomersTable {
  id: string;
  institution: string;
  login_id: string;
  name: string;
  password_hash: string;
  /** Of the 確認用パスワード; null where the family has none. */
  confirmation_hash: string | null;
  /** Where notices go: the address of the last issue, or the one it was changed to since. */
  email: string | null;
  /** The customer's current token at the token service. */
  user_id: string | null;
  /** The 有効期限 of that token as last heard of; null where it is not known, or does not count: see `store/token-ends.ts`. */
  token_ends_at: Date | null;
  /** How many days before it the customer was last told by mail. */
  end_told: number | null;
  /** When it is looked at again; null is at once. */
  end_look_at: Date | null;
  /** The token whose 認証停止 the customer has been told of. */
  lock_notified: string | null;
  /** 一日あたりの振込・振替限度額 as last changed; null where it never was. */
  daily_limit: Yen | null;
  /** The limit applied for, and from when it counts. */
  next_limit: Yen | null;
  next_limit_from: Date | null;
  /** When staff registered the paper application for one-time passwords. */
  applied_at: Date | null;
  /** The token that staff ended with 交換: after it another may be issued at once. */
  reissue_of: string | null;
  /** Whether the login asks for the ワンタイムパスワード, where that is the customer's choice. */
  login_otp: Generated<boolean>;
}

/** 資金移動用パスワード, as two digits of it can be checked: see `customer/position-codes.ts`. */
export interface PositionalPasswordsTable {
  customer_id: string;
  salt: Uint8Array;
  macs: Uint8Array;
}

/** The positions a customer is asked for, until they have been given rightly. */
export interface PositionChallengesTable {
  customer_id: string;
  first: number;
  second: number;
  made_at: Date;
}

/** register: 利用開始 · exchange: 交換 · stop: 利用中止 */
export type OtpProcedureKind = 'register' | 'exchange' | 'stop';

/** What customers do with a token by its シリアル番号. claimed → done, or refused; one of a customer is claimed at a time. */
export interface OtpProceduresTable {
  /** Of the form and what was typed into it. */
  id: string;
  institution: string;
  customer_id: string;
  kind: OtpProcedureKind;
  /** Moved by conditional updates only. */
  state: 'claimed' | 'done' | 'refused';
  /** The token it starts from; null where there is none. */
  user_id: string | null;
  /** シリアル番号 of the new token; null for 利用中止. */
  serial: string | null;
  /** ログイン時のワンタイムパスワード認証可否 as chosen at 利用開始. */
  login_otp: boolean | null;
  /** While claimed: the codes to present, sealed. */
  codes: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array | null>;
  created_at: Date;
  /** When the bank last went on with it by itself. */
  tried_at: Date | null;
  done_at: Date | null;
  /** 受付番号, of the same series as those of transfers. */
  receipt: string | null;
}

/** The tokens that a contract has, and had: one at a time. */
export interface CustomerTokensTable {
  customer_id: string;
  /** ユーザID of the token. */
  user_id: string;
  /** Null for one of which it was not written down. */
  held_from: Date | null;
  /** Until 利用解除, or until another took its place; null while the contract has it. */
  held_until: Date | null;
}

/** 職員 who work at the console. */
export interface StaffTable {
  id: string;
  institution: string;
  /** 職員ID, of its institution alone. */
  staff_id: string;
  name: string;
  password_hash: string;
  role: StaffRole;
}

/** clerk: 担当者 · supervisor: 役席者, who approves as well · auditor: 監査, who reads everything and acts on nothing */
export type StaffRole = 'clerk' | 'supervisor' | 'auditor';

/**
 * What one proposes and another approves. unlock: 認証停止の解除 · suspend: 利用停止 · resume: 利用停止の解除 · replace: 交換 ·
 * release: 利用解除 · limit: 限度額の変更
 */
export type ProposedAct = 'unlock' | 'suspend' | 'resume' | 'replace' | 'release' | 'limit';

/** register: 申込書の登録 · emergency: 緊急利用停止, which one clerk does alone */
export type StaffAct = ProposedAct | 'register' | 'emergency';

/** What staff do that is on no customer: 監査記録の書き出し, and their passkeys, added, removed, or reset by a supervisor. */
export type OwnAct = 'export' | 'passkey-add' | 'passkey-remove' | 'passkey-reset';

/** What is written down of staff. */
export type AuditedAct = StaffAct | OwnAct;

/**
 * done · refused: it did not fit the state, and changed nothing · unanswered: the token service did not say what came of it ·
 * proposed, approved, declined, withdrawn: what became of a proposal · reviewed: a supervisor has looked at it afterwards ·
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

/** What staff did, or were refused. A trigger refuses update, delete and truncate. */
export interface StaffActsTable {
  id: Generated<string>;
  /** Of the form it came by: each outcome of one form is written once. */
  key: string;
  at: Date;
  institution: string;
  /** 職員ID of the clerk. */
  staff_id: string;
  /** Null where it is on no customer. */
  customer_id: string | null;
  /** The token it was done to. */
  user_id: string | null;
  act: AuditedAct;
  reason: string;
  outcome: StaffActOutcome;
  /** The 申請 it belongs to. */
  proposal: ColumnType<string | null, string | null | undefined, never>;
}

/**
 * waiting → approved → done, or → failed where it no longer fits; from waiting also → declined or withdrawn. One that waits
 * still when its time is over has expired; it is marked so when the same is proposed again.
 */
export type ProposalState = 'waiting' | 'approved' | 'done' | 'failed' | 'declined' | 'withdrawn' | 'expired';

/** 申請: what a clerk proposes and a supervisor decides. */
export interface ProposalsTable {
  id: Generated<string>;
  institution: string;
  customer_id: string;
  /** The token it is for, and its status when it was proposed; null where there was none. */
  user_id: string | null;
  token_status: TokenStatus | null;
  act: ProposedAct;
  /** 一日あたりの振込・振替限度額 when it was proposed, and the one proposed; null for other acts. */
  old_limit: Yen | null;
  new_limit: Yen | null;
  reason: string;
  /** 職員ID. */
  proposed_by: string;
  proposed_at: Date;
  ends_at: Date;
  /** Moved by conditional updates only. */
  state: ProposalState;
  /** 職員ID of the one who approved, declined or withdrew it, and why. */
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  /** When the bank last carried it out by itself. */
  tried_at: Date | null;
}

/** 緊急利用停止 that a supervisor has to look at, or has. */
export interface ReviewsTable {
  id: Generated<string>;
  /** Of the form that it was done by. */
  key: string;
  institution: string;
  customer_id: string;
  user_id: string;
  reason: string;
  acted_by: string;
  acted_at: Date;
  /** When the bank last went on with it by itself, its answer having been lost. */
  tried_at: Date | null;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  comment: string | null;
}

/** Passkeys of staff: a second step of their sign-in. */
export interface StaffPasskeysTable {
  /** Of the credential, as base64url. */
  id: string;
  clerk_id: string;
  /** What its owner calls it. */
  name: string;
  /** COSE (RFC 9052). */
  public_key: Uint8Array;
  /** Grows with each use, where it counts. */
  counter: ColumnType<string | number, number, number>;
  added_at: Date;
  used_at: Date | null;
}

/** Questions to a passkey that were asked and not answered yet. */
export interface StaffChallengesTable {
  challenge: string;
  /** SHA-256 of the session's id. */
  session_hash: string;
  purpose: string;
  made_at: Date;
}

/** application: ワンタイムパスワード申込書 · suspension: 利用停止届 · cancellation: 解約届 */
export type PaperKind = 'application' | 'suspension' | 'cancellation';

/** What a customer handed in on paper, as staff registered it. */
export interface PapersTable {
  id: Generated<string>;
  /** Of the form that it was registered by. */
  key: string;
  institution: string;
  customer_id: string;
  kind: PaperKind;
  /** Who brought it. */
  brought_by: string;
  /** The day in Japan, such as `2026-11-27`. */
  received_on: string;
  /** What it asks for. */
  asked: string;
  /** 職員ID. */
  registered_by: string;
  registered_at: Date;
}

/** Forms that a member of staff sent when the session had ended, until they are signed in again. */
export interface StaffDraftsTable {
  /** Of the member of staff. */
  clerk_id: string;
  /** Where the form is. */
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

/** 入出金明細: what moved on an account, with the balance after it. */
export interface EntriesTable {
  id: Generated<string>;
  account_id: string;
  transfer_id: string;
  at: Date;
  /** Negative where money left. */
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

/** Columns of what customers apply for and confirm on the token, whatever it is. */
export interface RequestColumns {
  id: string;
  institution: string;
  customer_id: string;
  /** Moved by conditional updates only. */
  state: RequestState;
  /** Why it was refused. */
  reason: RefusalReason | null;
  /** How often its form has been refused: the next one is another form. */
  attempt: number;
  created_at: Date;
  /** The token asked, the confirmation it was asked for, and what is known of it. */
  user_id: string | null;
  confirmation_id: string | null;
  decision: 'waiting' | 'confirmed' | null;
  mode: 'approve' | 'code' | null;
  number: string | null;
  requested_at: Date | null;
  expires_at: Date | null;
  use_by: Date | null;
  /** The token service is still to be told that it was cancelled. */
  cancel_due: boolean;
  /** When the bank last went on with it by itself. */
  tried_at: Date | null;
  /** While executing: since when, and the code to present, sealed. */
  claimed_at: Date | null;
  code: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array | null>;
  done_at: Date | null;
}

export interface TransfersTable extends RequestColumns {
  /** `own` is 振替: between accounts of the same customer, without 取引認証. */
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
  /** The moment whose Japanese day it counts for. */
  counted_at: Date | null;
  /** 受付番号. */
  receipt: string | null;
}

/** Changes of what the bank holds of a customer, confirmed on the token. */
export interface ChangesTable extends RequestColumns {
  type: ChangeType;
  /** The transaction as its canonical text: what is asked to be confirmed, and later verified. */
  details: string;
  /** 受付番号, of the same series as those of transfers. */
  receipt: string | null;
}

/** Security events heard, so that one delivered again changes nothing. */
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
  /** SHA-256 of the session id: the id itself is only in the customer's cookie. */
  id_hash: string;
  institution: string;
  /** Whose it is; null of staff, and of one that may do nothing. */
  customer_id: string | null;
  data: SealedColumn;
  created_at: Date;
  last_seen_at: Date;
  ended_at: Date | null;
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
  /** Subject and text; gone once delivered. */
  content: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array, Uint8Array | null>;
  attempts: Generated<number>;
  created_at: Date;
  next_attempt_at: Date;
  sent_at: Date | null;
}

export interface SubmissionsTable {
  id: string;
  started_at: Date;
  /** How often it was taken up: more than once when an answer was lost. */
  tries: number;
  outcome: ColumnType<Uint8Array<ArrayBuffer> | null, Uint8Array | null, Uint8Array>;
}

export interface PendingVoidsTable {
  institution: string;
  user_id: string;
  created_at: Date;
  tried_at: Generated<Date | null>;
}

/** One row: see `host/key-check.ts`. */
interface KeyChecksTable {
  name: string;
  sealed: Uint8Array;
}

export interface Schema {
  customers: CustomersTable;
  positional_passwords: PositionalPasswordsTable;
  position_challenges: PositionChallengesTable;
  otp_procedures: OtpProceduresTable;
  customer_tokens: CustomerTokensTable;
  staff: StaffTable;
  staff_acts: StaffActsTable;
  proposals: ProposalsTable;
  reviews: ReviewsTable;
  papers: PapersTable;
  staff_drafts: StaffDraftsTable;
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
