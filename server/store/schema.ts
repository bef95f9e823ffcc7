import type { ColumnType, Generated, Selectable } from 'kysely';
import type { AuditEvent, AuditOutcome } from '../../core/api/audit.ts';
import type { Device, TokenStatus } from '../../core/api/bank.ts';
import type { ConfirmationMode, ConfirmationStatus, DecisionKind } from '../../core/api/confirmation.ts';
import type { SuspendableStatus, SuspendedBy } from '../../core/api/staff.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';
import type { TokenKind } from '../../core/otp/kind.ts';
import type { OtpParameters } from '../../core/otp/totp.ts';

export interface Schema {
  api_keys: ApiKeysTable;
  tokens: TokensTable;
  devices: DevicesTable;
  confirmations: ConfirmationsTable;
  events: EventsTable;
  idempotency: IdempotencyTable;
  proofs: ProofsTable;
  audit: AuditTable;
  audit_hours: AuditHoursTable;
  stranger_counts: StrangerCountsTable;
  key_checks: KeyChecksTable;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Json<T> = ColumnType<T, string, string>;

/** Whose API a key is for: each kind of key can do what the other cannot. */
export const API_KEY_KINDS = ['bank', 'staff'] as const;

export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

interface ApiKeysTable {
  /** SHA-256 of the key. */
  hash: Bytes;
  institution: string;
  kind: ApiKeyKind;
  created_at: Date;
  revoked_at: Date | null;
}

interface TokensTable {
  id: string;
  institution: string;
  /** Null of a hardware token that is not bound yet, which nothing but `store/bindings.ts` reads: as `enrol_by`. */
  user_id: string;
  status: TokenStatus;
  /** What it is resumed to, while it is suspended. */
  suspended_from: SuspendableStatus | null;
  /** While it is suspended: since when, and by whom; null where that was before it was written down. */
  suspended_at: Date | null;
  suspended_by: SuspendedBy | null;
  /** Sealed; wiped at 利用開始. */
  activation_password: Bytes | null;
  activation_failures: Generated<number>;
  /** Until when 初期設定 has been tried enough: see `store/enrolments.ts`. */
  activation_until: Date | null;
  serial: string | null;
  /** The OTP key, sealed under the master key with the token's id. */
  secret: Bytes | null;
  /** What it was issued with, from here to `confirmation_mode`: see `token-parameters.ts`. */
  kind: TokenKind;
  algorithm: OtpParameters['algorithm'];
  digits: OtpParameters['digits'];
  /** Seconds of a step; null where codes are counted by a button, and `last_step` is the last count taken. */
  period: OtpParameters['period'] | null;
  confirmation_mode: ConfirmationMode;
  last_step: Generated<number>;
  drift: Generated<number>;
  failures: Generated<number>;
  issued_at: Date;
  enrol_by: Date;
  enrolled_at: Date | null;
  activated_at: Date | null;
  released_at: Date | null;
  expires_at: Date | null;
  /** Until when the customer has been asked enough: see `store/confirmations.ts`. */
  asked_until: Date | null;
  /**
   * 新しい端末でのトークン利用, from here to the end: see `store/replacements.ts`. ユーザID of the token whose place this one is
   * to take, or took, and until when it has to.
   */
  replaces: string | null;
  replace_by: Date | null;
  /** ユーザID of the one token that may take this one's place; none as soon as this one is not in use. */
  replacement: string | null;
  /** ユーザID of the one that did. */
  replaced_by: string | null;
}

/** A device of a token and what it may do: today each token has one, that may do all. */
interface DevicesTable {
  id: string;
  token_id: string;
  /** Thumbprint of its signing key (RFC 7638): whoever proves to have that key is this device. */
  jkt: string;
  receiving_key: Json<PublicJwk>;
  may_make_codes: boolean;
  may_decide: boolean;
  may_fill: boolean;
  added_at: Date;
  /** As it described itself; null where it did not. */
  form: Device['form'] | null;
  name: string | null;
}

interface ConfirmationsTable {
  id: string;
  institution: string;
  token_id: string;
  /** Two digits, unlike those of the token's other live confirmations. */
  number: string;
  mode: ConfirmationMode;
  /** Canonical text (RFC 8785) of what the customer is asked. */
  details: string;
  status: ConfirmationStatus;
  wrong_codes: Generated<number>;
  expires_at: Date;
  decision: DecisionKind | null;
  /** The decision as the token signed it, kept as evidence. */
  signed_decision: string | null;
  /** The device that decided; null where it was decided before there were devices: the decision has its key. */
  device_id: string | null;
  decided_at: Date | null;
  use_by: Date | null;
  /** Of 新しい端末でのトークン利用: the token that is to take this one's place. */
  new_token: string | null;
}

/** What the banks have to be told: tried again until it is taken, for three days. */
interface EventsTable {
  /** The event's `jti`. */
  id: string;
  institution: string;
  confirmation_id: string | null;
  /** The token that its customer suspended, where the event is about that. */
  token_id: string | null;
  created_at: Date;
  attempts: Generated<number>;
  /** When it is tried next. */
  due_at: Date;
  delivered_at: Date | null;
}

interface IdempotencyTable {
  institution: string;
  key: string;
  /** SHA-256 of method, path and body: the same key for another request is a conflict. */
  request_hash: Bytes;
  token_id: string;
  confirmation_id: string | null;
  accepted: boolean;
  created_at: Date;
}

interface ProofsTable {
  jti: string;
  expires_at: Date;
}

/** One row: see `host/key-check.ts`. */
interface KeyChecksTable {
  name: string;
  sealed: Bytes;
}

interface AuditTable {
  id: Generated<number>;
  at: Date;
  institution: string;
  token_id: string;
  event: AuditEvent;
  outcome: AuditOutcome;
  request_id: string;
  confirmation_id: string | null;
  /** The device that was added, that decided, or that suspended. */
  device_id: string | null;
  /** Who acted, staff or the customer, why, and the proposal that was approved: see `core/api/staff.ts`. */
  actor: string | null;
  reason: string | null;
  approval: string | null;
  /** Of 認証停止: how many wrong codes in a row it took. */
  failures: number | null;
}

/** How often each event had each outcome in an hour that is over: see `counts.ts`. */
interface AuditHoursTable {
  institution: string;
  /** The hour's beginning. */
  since: Date;
  /** By event and outcome, such as `verify done`. */
  counts: Json<Record<string, number>>;
}

/** What came of nobody we know: how often in an hour, not each time, so that strangers fill no disk. */
interface StrangerCountsTable {
  /** `''` where it named none of ours. */
  institution: string;
  event: AuditEvent;
  /** done: somebody made a serial number token, which is nobody's before it is registered. */
  outcome: 'unknown' | 'stopped' | 'limited' | 'wrong' | 'spent' | 'done';
  /** The hour's beginning. */
  since: Date;
  count: number;
}

export type TokenRow = Selectable<TokensTable>;
export type ConfirmationRow = Selectable<ConfirmationsTable>;
export type EventRow = Selectable<EventsTable>;
