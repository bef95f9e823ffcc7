import type { TokenSummary } from './token.ts';

/** The tokens on this device, for showing and choosing. Rejects with `VaultError` if storage fails. */
export interface TokenReader {
  /** All tokens, oldest first. */
  list(): Promise<TokenSummary[]>;
  /** The OTP key of a token, which can sign and cannot be read. */
  openKey(id: string): Promise<CryptoKey>;
  /** Id of the token that is shown first and, of several tokens of its institution, fills. */
  selected(): Promise<string | undefined>;
  select(id: string): Promise<void>;
}

/** The tokens on this device, also for managing. */
export interface TokenVault extends TokenReader {
  rename(id: string, suffix: string): Promise<void>;
  remove(id: string): Promise<void>;
}
