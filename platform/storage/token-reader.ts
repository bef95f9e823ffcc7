import { keyAlgorithm } from '../../core/otp/totp.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/sealed.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import type { OwnTokenRecord, TokenRecord } from './database.ts';
import { isLocked, vaultKey } from './door.ts';
import { read } from './read.ts';
import { guarded } from './storage-errors.ts';

/** The tokens in this browser's IndexedDB, for showing and choosing. It lists none while the vault is locked. */
export const tokenReader: TokenReader = {
  list: () =>
    guarded(async () => {
      const [locked, tokens] = await Promise.all([isLocked(), summaries()]);
      if (locked) throw new VaultError('locked');
      return tokens;
    }),
  openKey: (id) =>
    guarded(async () => {
      const [key, { sealedKey, parameters }] = await Promise.all([vaultKey(), ownTokenRecord(id)]);
      return openKey(key, sealedKey, id, { algorithm: keyAlgorithm(parameters), usages: ['sign'] });
    }),
  selected: () => read(['settings'], ({ store }) => store.get('selected')),
  // in a separate script, which the popup loads only now
  select: (id) => import('./selection.ts').then((script) => script.select(id)),
};

/** Lists the tokens even while the vault is locked. Their keys stay sealed. */
export const lockedTokenReader: TokenReader = { ...tokenReader, list: summaries };

/** The stored record of a token. Rejects with {@link VaultError} `missing` for an unknown id. */
export async function tokenRecord(id: string): Promise<TokenRecord> {
  const record = await read(['tokens'], ({ store }) => store.get(id));
  if (record === undefined) throw new VaultError('missing');
  return record;
}

/** The same of a token whose codes this device makes; `missing` for any other. */
export async function ownTokenRecord(id: string): Promise<OwnTokenRecord> {
  const record = await tokenRecord(id);
  if (!('sealedKey' in record)) throw new VaultError('missing');
  return record;
}

function summaries() {
  return read(['summaries'], ({ store }) => store.index('enrolledAt').getAll());
}
