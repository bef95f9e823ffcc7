import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { RefusedHour } from '../../core/autofill/refused-fills.ts';
import type { ClockOffset } from '../../core/vault/clock.ts';
import type { SealedDecision } from '../../core/vault/decisions.ts';
import type { SealedKeyPair } from '../../core/vault/key-pair.ts';
import type { AutoLock } from '../../core/vault/lock.ts';
import type { Sealed } from '../../core/vault/sealed.ts';
import type { TokenSummary } from '../../core/vault/token.ts';

/** The keys of an unfinished 初期設定, sealed under the vault key. */
export interface PendingKeys {
  readonly signing: SealedKeyPair;
  readonly receiving: SealedKeyPair;
}

/** The vault key, wrapped by a device key alone, or by a device key and a secret. No device key is extractable. */
export interface WrappedVaultKey {
  readonly deviceKey: CryptoKey;
  /** A 12-byte nonce, then AES-GCM ciphertext. */
  readonly wrapped: Sealed;
}

/** Opens without the customer: the device key alone wraps (AES-256-GCM). */
export interface DeviceKeyring extends WrappedVaultKey {
  readonly method: 'device';
}

/** Parameters of scrypt (RFC 7914), which turns a PIN into a secret. */
export interface PinDerivation {
  readonly name: 'scrypt';
  /** Binary logarithm of N. */
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array<ArrayBuffer>;
}

/** The device key (HMAC-SHA-256) and the PIN together wrap. */
export interface PinKeyring extends WrappedVaultKey {
  readonly method: 'pin';
  readonly derivation: PinDerivation;
  /** Tries since the last right one. Each is counted before it is judged. */
  readonly tried: number;
}

/** The device key (HMAC-SHA-256) and the passkey's PRF output together wrap. */
export interface PasskeyKeyring extends WrappedVaultKey {
  readonly method: 'passkey';
  readonly credentialId: Uint8Array<ArrayBuffer>;
  /** Input of the PRF. */
  readonly prfSalt: Uint8Array<ArrayBuffer>;
}

/** The wrapped vault key. There is only one entry; a new method replaces it. */
export type Keyring = DeviceKeyring | PinKeyring | PasskeyKeyring;

/** The vault key while it is unlocked, wrapped by a device key and a secret that is only in memory. */
export interface SessionRecord extends WrappedVaultKey {
  readonly id: string;
}

/** Data of the lock other than keys. */
export type LockRecord =
  | { readonly id: 'autoLock'; readonly autoLock: AutoLock }
  | {
      readonly id: 'wiped';
      /** Device time in milliseconds. */
      readonly at: number;
      /** Keys of the institutions whose tokens are gone. */
      readonly institutions: readonly string[];
    };

/** A token whose codes this device makes. */
export interface OwnTokenRecord extends TokenSummary {
  /** The OTP key under the vault key, bound to the token's id. */
  readonly sealedKey: Sealed;
  /** The key of proofs and decisions under the vault key, bound to the token's id. */
  readonly signing: SealedKeyPair;
}

/** A token whose codes another device makes and sends here, each once its customer approves. No OTP key of it lies here. */
export interface PairedTokenRecord extends TokenSummary {
  readonly decider: string;
  /** The key of this device's proofs and requests, and the one its codes are encrypted to, sealed as above. */
  readonly signing: SealedKeyPair;
  readonly receiving: SealedKeyPair;
}

export type TokenRecord = OwnTokenRecord | PairedTokenRecord;

/** The device on the other side of a pairing, which only the key of peers can read. */
export interface SealedPeer {
  /** Token and thumbprint of the peer's signing key, bound to the sealed content. */
  readonly id: string;
  readonly tokenId: string;
  readonly sealed: Sealed;
}

/** A filled screen with its document and tab, without the code. */
export interface FilledScreen {
  readonly documentId: string;
  readonly tabId: number;
  /** Id from `core/autofill/screens.ts`. */
  readonly screen: string;
  /** Device time in milliseconds. */
  readonly at: number;
}

/** What a token signed for one document, so that the same is sent again after a lost answer and nothing else ever is. */
export interface KeptSignature {
  readonly challenge: string;
  /** Digest of the browser's id of the document. */
  readonly document: string;
  /** Compact JWS. */
  readonly signature: string;
}

export interface VaultSchema extends DBSchema {
  keyring: { key: string; value: Keyring };
  tokens: { key: string; value: TokenRecord };
  /** What is shown of the tokens, separate from their keys, so that a long list opens at once. */
  summaries: { key: string; value: TokenSummary; indexes: { enrolledAt: number } };
  /** Keys of a 初期設定 without an answer yet, by service id and user id. */
  pending: { key: string; value: PendingKeys };
  /** The latest steps whose codes were filled, by token. */
  filled: { key: string; value: readonly number[] };
  offsets: { key: string; value: ClockOffset };
  /** The token that was chosen last; and for each token that fills only on request, that it does. */
  settings: { key: 'selected' | `on-request:${string}`; value: string };
  /** 取引認証の履歴. */
  decisions: { key: string; value: SealedDecision; indexes: { decidedAt: number } };
  /** The latest confirmations whose codes were filled, by token. */
  filledConfirmations: { key: string; value: readonly string[] };
  /** The latest filled screens, by age. */
  filledScreens: { key: number; value: FilledScreen };
  /** How often fills were refused, by token. */
  refusedFills: { key: string; value: readonly RefusedHour[] };
  /** The devices this one is paired with. */
  peers: { key: string; value: SealedPeer };
  /** The latest signatures of challenges, by token. */
  signatures: { key: string; value: readonly KeptSignature[] };
  sessions: { key: string; value: SessionRecord };
  lock: { key: string; value: LockRecord };
}

export type VaultDatabase = IDBPDatabase<VaultSchema>;

export const DATABASE_NAME = 'warifu';
export const DATABASE_VERSION = 8;

interface Opening {
  /** Called when another page keeps an older version of the database open. */
  blocked(): void;
  /** Called when the browser or a newer version of the database has closed the connection. */
  lost(): void;
}

/** Asks the browser for the database, which may never answer. */
export async function openDatabase({ blocked, lost }: Opening): Promise<VaultDatabase> {
  return openDB<VaultSchema>(DATABASE_NAME, DATABASE_VERSION, {
    // Append only: a later version adds its step below the earlier ones.
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
      // Older signing keys are not extractable, so the vault key cannot seal them; such tokens must be set up again.
      if (from < 4) for (const store of db.objectStoreNames) void tx.objectStore(store).clear();
      if (from < 5) db.createObjectStore('filledScreens', { autoIncrement: true });
      if (from < 6) db.createObjectStore('refusedFills');
      if (from < 7) db.createObjectStore('peers', { keyPath: 'id' });
      if (from < 8) db.createObjectStore('signatures');
    },
    blocked,
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
}
