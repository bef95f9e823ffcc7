import type { ColumnType, Generated, Selectable } from 'kysely';
import type { ApprovalStatus } from '../../core/api/approval.ts';
import type { AuditEvent, AuditOutcome } from '../../core/api/audit.ts';
import type { Device, TokenStatus } from '../../core/api/bank.ts';
import type { ChallengeStatus, ChallengeUse } from '../../core/api/challenge.ts';
import type { ConfirmationMode, ConfirmationStatus, DecisionKind } from '../../core/api/confirmation.ts';
import type { Factor } from '../../core/api/factor.ts';
import type { PairingStatus } from '../../core/api/pairing.ts';
import type { RefusedFillReason } from '../../core/api/refused-fills.ts';
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
  push_subscriptions: PushSubscriptionsTable;
  pairings: PairingsTable;
  approvals: ApprovalsTable;
  challenges: ChallengesTable;
  idempotency: IdempotencyTable;
  proofs: ProofsTable;
  audit: AuditTable;
  audit_hours: AuditHoursTable;
  refused_fills: RefusedFillsTable;
  imports: ImportsTable;
  import_existing: ImportExistingTable;
  stranger_counts: StrangerCountsTable;
  key_checks: KeyChecksTable;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Json<T> = ColumnType<T, string, string>;

/** Kinds of API keys. Neither kind can do what the other can. */
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
  /** While it is suspended: the status to which it is resumed. */
  suspended_from: SuspendableStatus | null;
  /** While it is suspended: since when and by whom; null for suspensions from before these columns. */
  suspended_at: Date | null;
  suspended_by: SuspendedBy | null;
  /** Sealed; wiped at 利用開始. */
  activation_password: Bytes | null;
  activation_failures: Generated<number>;
  /** The moment up to which tries at 初期設定 are used up: see `store/enrolments.ts`. */
  activation_until: Date | null;
  serial: string | null;
  /** The OTP key, sealed under the master key with the token's id. */
  secret: Bytes | null;
  /** From here to `confirmation_mode`: what it was issued with, see `token-parameters.ts`. */
  kind: TokenKind;
  algorithm: OtpParameters['algorithm'];
  digits: OtpParameters['digits'];
  /** Seconds of a step; null for tokens that count by a button, where `last_step` is the last count taken. */
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
  /** The moment up to which questions are used up: see `store/confirmations.ts`. */
  asked_until: Date | null;
  /**
   * From here to the end: 新しい端末でのトークン利用, see `store/replacements.ts`. ユーザID of the token that this one is to
   * replace, or has replaced, and the deadline for it.
   */
  replaces: string | null;
  replace_by: Date | null;
  /** ユーザID of the one token that may replace this one; null as soon as this one is not in use. */
  replacement: string | null;
  /** ユーザID of the token that has replaced it. */
  replaced_by: string | null;
  /** How many devices fill for it that are not removed. */
  paired_devices: Generated<number>;
}

/** A device of a token and what it may do: one that may do everything, and others that were paired with it and may fill. */
interface DevicesTable {
  id: string;
  token_id: string;
  /** Thumbprint of its signing key (RFC 7638), which identifies the device. */
  jkt: string;
  receiving_key: Json<PublicJwk>;
  may_make_codes: boolean;
  may_decide: boolean;
  may_fill: boolean;
  added_at: Date;
  /** How the device described itself; null if it did not. */
  form: Device['form'] | null;
  name: string | null;
  /** Hours before this moment are counted in `refused_fills`; null where it never reported any. */
  refused_fills_until: Date | null;
  /** When it last signed a proof, to the hour; null from before this was written down. */
  last_seen_at: Date | null;
  /** From then on its key is nobody's. The row stays, for the audit names the device. */
  removed_at: Date | null;
  /** The decision by which another device of the token added it, as that device signed it; kept as evidence. */
  signed_pairing: string | null;
  /** The moment up to which its questions for codes are used up: see `store/approvals.ts`. */
  asked_until: Date | null;
}

interface ConfirmationsTable {
  id: string;
  institution: string;
  token_id: string;
  /** Two digits, different from those of the token's other live confirmations. */
  number: string;
  mode: ConfirmationMode;
  /** Canonical text (RFC 8785) of what the customer is asked to confirm. */
  details: string;
  status: ConfirmationStatus;
  wrong_codes: Generated<number>;
  expires_at: Date;
  decision: DecisionKind | null;
  /** The decision as the token signed it; kept as evidence. */
  signed_decision: string | null;
  /** The device that decided; null for decisions from before there were devices, which contain the key. */
  device_id: string | null;
  decided_at: Date | null;
  use_by: Date | null;
  /** Of 新しい端末でのトークン利用: the token that is to replace this one. */
  new_token: string | null;
  /** What the decision says of where the transaction's page was seen, and of how the customer was recognised. */
  origin: string | null;
  factors: Json<readonly Factor[]> | null;
}

/**
 * The ways on which events leave to the institution's bank. Nodes of the release before run beside those of this one: what they
 * would take for something else is on a channel that they do not read.
 */
export const BANK_CHANNELS = ['bank', 'devices'] as const;

/** How events leave: to the institution's bank, or to a device by Web Push. */
export type EventChannel = (typeof BANK_CHANNELS)[number] | 'push';

/** Events for banks and devices, repeated until they are taken or too old: see `deliver.ts` and `store/sweep.ts`. */
interface EventsTable {
  /** For a bank the event's `jti`; for a device there is one id, so that a newer event takes the place of an older. */
  id: string;
  channel: EventChannel;
  /** To whom it is sent: the institution's key, or the name of the push service. */
  target: string;
  institution: string;
  confirmation_id: string | null;
  /** The token, if the event is about no confirmation: that its customer suspended it, or what `kind` says. */
  token_id: string | null;
  /** What happened to the device, in an event about one. */
  kind: 'device-added' | 'device-removed' | null;
  /** The device that is told, or that an event to a bank is about. */
  device_id: string | null;
  created_at: Date;
  attempts: Generated<number>;
  /** Time of the next attempt. */
  due_at: Date;
  /** Until when the target asked to be sent nothing of this, by a `Retry-After`. */
  not_before: Date | null;
  delivered_at: Date | null;
}

/** Where a device is told by Web Push that something waits; none where its customer does not want it. */
interface PushSubscriptionsTable {
  device_id: string;
  /** Name of the push service. */
  service: string;
  /** Endpoint and keys, sealed under the master key with the device's id. */
  sealed: Bytes;
}

/** 連携 of a device (D) with the one that has the token (P): see `pairings.ts`. */
interface PairingsTable {
  /** Becomes the id of the device. */
  id: string;
  /** Keys of D, what it committed itself to, and how it describes itself. */
  jkt: string;
  signing_key: Json<PublicJwk>;
  receiving_key: Json<PublicJwk>;
  commitment: string;
  form: Device['form'];
  name: string;
  /** HMAC of the code; null once both devices know each other. */
  code_hash: Bytes | null;
  status: Exclude<PairingStatus, 'expired'>;
  expires_at: Date;
  /** From here on P: which gave the code, its signing key and its nonce. */
  token_id: string | null;
  device_id: string | null;
  phone_key: Json<PublicJwk> | null;
  phone_nonce: string | null;
  /** Of D, whose hash the commitment is. */
  nonce: string | null;
}

/** 承認 of codes, each asked by a device that fills: see `approvals.ts`. */
interface ApprovalsTable {
  /** Made by the device that asks. */
  id: string;
  token_id: string;
  /** The device that asks, and its question as it signed it. */
  device_id: string;
  request: string;
  status: Exclude<ApprovalStatus, 'expired'>;
  expires_at: Date;
  /** As the device that decided signed it, with the code encrypted to the one that asked. */
  signed_decision: string | null;
  decided_by: string | null;
}

/** Logins by signature: see `challenges.ts`. */
interface ChallengesTable {
  id: string;
  institution: string;
  token_id: string;
  use: ChallengeUse;
  /** Two digits, different from those of the token's other challenges that wait. */
  number: string;
  /** From 1 to as many as may wait for a token at once; each is taken once. */
  place: number;
  /** Expired only where its place was needed: see `challengeStatusAt`. */
  status: ChallengeStatus;
  expires_at: Date;
  /** From here on of the signature: what it says, the signature itself, and the device that made it. */
  signed_at: Date | null;
  origin: string | null;
  factors: Json<readonly Factor[]> | null;
  signature: string | null;
  device_id: string | null;
}

interface IdempotencyTable {
  institution: string;
  key: string;
  /** SHA-256 of method, path and body, to recognise another request with the same key. */
  request_hash: Bytes;
  token_id: string;
  confirmation_id: string | null;
  challenge_id: string | null;
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
  /** The key of the audit's chains, sealed; null until the master key is rotated, as it is derived from the first one. */
  audit_key: Bytes | null;
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
  /** The device that was added, decided, or suspended the token. */
  device_id: string | null;
  /** Who acted (staff or the customer), why, and the approved proposal: see `core/api/staff.ts`. */
  actor: string | null;
  reason: string | null;
  approval: string | null;
  /** Of 認証停止: the number of wrong codes in a row. */
  failures: number | null;
  /** Of a signature and its use: what it says of the page and of how the customer was recognised. */
  origin: string | null;
  factors: Json<readonly Factor[]> | null;
}

/** How often each event had each outcome in an hour that is over: see `counts.ts`. */
interface AuditHoursTable {
  institution: string;
  /** The hour's beginning. */
  since: Date;
  /** By event and outcome, such as `verify done`. */
  counts: Json<Record<string, number>>;
}

/** How often tokens did not fill a recognised screen, as they report it: nothing of which token, screen or address. */
interface RefusedFillsTable {
  institution: string;
  /** The hour's beginning. */
  since: Date;
  reason: RefusedFillReason;
  count: number;
}

/** Files of hardware tokens, each once, and how far they are: see `imports.ts`. */
export interface ImportsTable {
  institution: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  digest: string;
  file_name: string;
  /** Of the file; taken from it so far; of these, added, as their serials were not there. */
  tokens: number;
  taken: Generated<number>;
  added: Generated<number>;
  /** The member of staff who began it, why, and the approved proposal. */
  actor: string;
  reason: string;
  approval: string | null;
  started_at: Date;
  ended_at: Date | null;
}

/** Serials of a file that were there before, as many as are kept. */
interface ImportExistingTable {
  institution: string;
  digest: string;
  line: number;
  serial: string;
}

/** Attempts by strangers, counted by the hour, so that they cannot fill the disk. */
interface StrangerCountsTable {
  /** `''` if the attempt named no known institution. */
  institution: string;
  event: AuditEvent;
  /** done: somebody made a serial number token, which is nobody's before it is registered. */
  outcome: 'unknown' | 'stopped' | 'limited' | 'wrong' | 'spent' | 'late' | 'done';
  /** The hour's beginning. */
  since: Date;
  count: number;
}

export type TokenRow = Selectable<TokensTable>;
export type ConfirmationRow = Selectable<ConfirmationsTable>;
export type EventRow = Selectable<EventsTable>;
export type PairingRow = Selectable<PairingsTable>;
export type ApprovalRow = Selectable<ApprovalsTable>;
export type ChallengeRow = Selectable<ChallengesTable>;
