import type { TokenSummary } from './token.ts';

/** Tokens kept on this device, for showing and choosing. Rejects with `VaultError` where storage fails. */
export interface TokenReader {
  /** All tokens, oldest first. */
  list(): Promise<TokenSummary[]>;
  /** The OTP key of a token: to sign with, not to read. */
  openKey(id: string): Promise<CryptoKey>;
  /** The token shown first and, where an institution has several, the one that fills. */
  selected(): Promise<string | undefined>;
  select(id: string): Promise<void>;
}

/** Tokens kept on this device, for managing as well. */
export interface TokenVault extends TokenReader {
  rename(id: string, suffix: string): Promise<void>;
  remove(id: string): Promise<void>;
}
