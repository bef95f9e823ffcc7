import type { ColumnType, Generated, Selectable } from 'kysely';
import type { TokenStatus } from '../../core/api/bank.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';

export interface Schema {
  api_keys: ApiKeysTable;
  tokens: TokensTable;
  idempotency: IdempotencyTable;
  proofs: ProofsTable;
  audit: AuditTable;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Json<T> = ColumnType<T, string, string>;

interface ApiKeysTable {
  /** SHA-256 of the key. */
  hash: Bytes;
  institution: string;
  created_at: Date;
  revoked_at: Date | null;
}

interface TokensTable {
  id: string;
  institution: string;
  user_id: string;
  status: TokenStatus;
  /** Sealed; wiped at 利用開始. */
  activation_password: Bytes | null;
  activation_failures: Generated<number>;
  serial: string | null;
  /** The OTP key, sealed under the master key with the token's id. */
  secret: Bytes | null;
  /** Thumbprint of the token's signing key (RFC 7638). */
  jkt: string | null;
  receiving_key: Json<PublicJwk> | null;
  last_step: Generated<number>;
  drift: Generated<number>;
  failures: Generated<number>;
  issued_at: Date;
  enrol_by: Date;
  enrolled_at: Date | null;
  activated_at: Date | null;
  released_at: Date | null;
  expires_at: Date | null;
}

interface IdempotencyTable {
  institution: string;
  key: string;
  /** SHA-256 of method, path and body: the same key for another request is a conflict. */
  request_hash: Bytes;
  token_id: string;
  accepted: boolean;
  created_at: Date;
}

interface ProofsTable {
  jti: string;
  expires_at: Date;
}

interface AuditTable {
  id: Generated<number>;
  at: Date;
  institution: string;
  token_id: string;
  event: AuditEvent;
  outcome: AuditOutcome;
  request_id: string;
}

export type AuditEvent = 'issue' | 'enrol' | 'activate' | 'verify' | 'release' | 'void';
export type AuditOutcome = 'done' | 'wrong' | 'spent' | 'stopped';

export type TokenRow = Selectable<TokensTable>;
