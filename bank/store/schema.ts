import type { ColumnType, Generated } from 'kysely';

/** Sealed with `core/vault/seal`: unreadable without the bank's key. */
type SealedColumn = ColumnType<Uint8Array<ArrayBuffer>, Uint8Array, Uint8Array>;

export interface CustomersTable {
  id: string;
  institution: string;
  login_id: string;
  name: string;
  password_hash: string;
  confirmation_hash: string;
  /** Yen. Drivers give 64-bit integers as text or number. */
  balance: ColumnType<string | number, number, number>;
  /** Where notices go: the address of the last issue. */
  email: string | null;
  /** The customer's current token at the token service. */
  user_id: string | null;
  /** The token whose 認証停止 the customer has been told of. */
  lock_notified: string | null;
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
}

export interface Schema {
  customers: CustomersTable;
  attempts: AttemptsTable;
  sessions: SessionsTable;
  logins: LoginsTable;
  outbox: OutboxTable;
  submissions: SubmissionsTable;
  pending_voids: PendingVoidsTable;
}
