import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ClockOffset } from '../../core/vault/clock.ts';
import type { SealedDecision } from '../../core/vault/decisions.ts';
import type { SealedKeyPair } from '../../core/vault/key-pair.ts';
import type { AutoLock } from '../../core/vault/lock.ts';
import type { Sealed } from '../../core/vault/sealed.ts';
import type { TokenSummary } from '../../core/vault/token.ts';

/** The keys of a 初期設定 under way, under the vault key. */
export interface PendingKeys {
  readonly signing: SealedKeyPair;
  readonly receiving: SealedKeyPair;
}

/** The vault key, wrapped by a device key alone or by one and a secret; neither device key is extractable. */
export interface WrappedVaultKey {
  readonly deviceKey: CryptoKey;
  /** A 12-byte nonce, then AES-GCM ciphertext. */
  readonly wrapped: Sealed;
}

/** Opens without the customer: the device key itself wraps (AES-256-GCM). */
export interface DeviceKeyring extends WrappedVaultKey {
  readonly method: 'device';
}

/** How a PIN is made into a secret: scrypt (RFC 7914). */
export interface PinDerivation {
  readonly name: 'scrypt';
  /** N is two to the power of this. */
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array<ArrayBuffer>;
}

/** The device key (HMAC-SHA-256) and the PIN together wrap. */
export interface PinKeyring extends WrappedVaultKey {
  readonly method: 'pin';
  readonly derivation: PinDerivation;
  /** Tries since the last right one, each counted before it is judged. */
  readonly tried: number;
}

/** The device key (HMAC-SHA-256) and the passkey's PRF output together wrap. */
export interface PasskeyKeyring extends WrappedVaultKey {
  readonly method: 'passkey';
  readonly credentialId: Uint8Array<ArrayBuffer>;
  /** What the PRF is evaluated on. */
  readonly prfSalt: Uint8Array<ArrayBuffer>;
}

/** How the vault key is wrapped. There is one entry at a time: a new method takes the place of the other. */
export type Keyring = DeviceKeyring | PinKeyring | PasskeyKeyring;

/** The vault key while it is unlocked, under a device key and a secret that is kept in memory only. */
export interface SessionRecord extends WrappedVaultKey {
  readonly id: string;
}

/** What is kept of the lock apart from keys. */
export type LockRecord =
  | { readonly id: 'autoLock'; readonly autoLock: AutoLock }
  | {
      readonly id: 'wiped';
      /** Device time in milliseconds. */
      readonly at: number;
      /** Keys of the institutions whose tokens are gone. */
      readonly institutions: readonly string[];
    };

export interface TokenRecord extends TokenSummary {
  /** The OTP key under the vault key, bound to the token's id. */
  readonly sealedKey: Sealed;
  /** The key of proofs and decisions, likewise. */
  readonly signing: SealedKeyPair;
}

/** That a screen was filled, in which document and tab; nothing of what. */
export interface FilledScreen {
  readonly documentId: string;
  readonly tabId: number;
  /** From `core/autofill/screens.ts`. */
  readonly screen: string;
  /** Device time in milliseconds. */
  readonly at: number;
}

export interface VaultSchema extends DBSchema {
  keyring: { key: string; value: Keyring };
  tokens: { key: string; value: TokenRecord };
  /** What is shown of the tokens, apart from their keys, so that a list of many opens at once. */
  summaries: { key: string; value: TokenSummary; indexes: { enrolledAt: number } };
  /** Keys made for a 初期設定 whose answer has not come yet, by service id and user id. */
  pending: { key: string; value: PendingKeys };
  /** The steps whose codes were filled last, by token. */
  filled: { key: string; value: readonly number[] };
  offsets: { key: string; value: ClockOffset };
  /** The token chosen last; and, by token, that it fills only on request. */
  settings: { key: 'selected' | `on-request:${string}`; value: string };
  /** 取引認証の履歴. */
  decisions: { key: string; value: SealedDecision; indexes: { decidedAt: number } };
  /** The confirmations whose codes were filled last, by token. */
  filledConfirmations: { key: string; value: readonly string[] };
  /** The screens filled last, by age. */
  filledScreens: { key: number; value: FilledScreen };
  sessions: { key: string; value: SessionRecord };
  lock: { key: string; value: LockRecord };
}

export type VaultDatabase = IDBPDatabase<VaultSchema>;

export const DATABASE_NAME = 'warifu';
export const DATABASE_VERSION = 5;

interface Opening {
  /** Another page holds an older version of the database open. */
  blocked(): void;
  /** The connection is gone: the browser or a newer version of the database ended it. */
  lost(): void;
}

/** Asks the browser for the database, which may never answer. */
export async function openDatabase({ blocked, lost }: Opening): Promise<VaultDatabase> {
  return openDB<VaultSchema>(DATABASE_NAME, DATABASE_VERSION, {
    // Append only: a later version adds its own step below the earlier ones.
    upgrade(db, from, _to, tx) {
      if (from < 1) {
        db.createObjectStore('keyring', { keyPath: 'method' });
        db.createObjectStore('tokens', { keyPath: 'id' });
        db.createObjectStore('summaries', { keyPath: 'id' }).createIndex('enrolledAt', 'enrolledAt');
        db.createObjectStore('pending');
        db.createObjectStore('filled');
        db.createObjectStore('offsets');
        db.createObjectStore('settings');
      }
      if (from < 2) {
        db.createObjectStore('decisions', { keyPath: 'id' }).createIndex('decidedAt', 'decidedAt');
        db.createObjectStore('filledConfirmations');
      }
      if (from < 3) {
        db.createObjectStore('sessions', { keyPath: 'id' });
        db.createObjectStore('lock', { keyPath: 'id' });
      }
      // Signing keys that no vault key can seal, for they are not extractable: such tokens are set up again.
      if (from < 4) for (const store of db.objectStoreNames) void tx.objectStore(store).clear();
      if (from < 5) db.createObjectStore('filledScreens', { autoIncrement: true });
    },
    blocked,
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
}
