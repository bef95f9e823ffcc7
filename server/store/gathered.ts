import { institutionsOfKeys } from './access.ts';
import type { Database } from './database.ts';
import { gather } from './gather.ts';
import type { TokenRow } from './schema.ts';
import { findTokens, type Spend, spendSteps, type TokenName } from './tokens.ts';

/** What every verification asks of the database: under load, many verifications share a statement. */
export interface GatheredStore {
  institutionOfKey(hash: Uint8Array<ArrayBuffer>): Promise<string | undefined>;
  findToken(name: TokenName): Promise<TokenRow | undefined>;
  spendStep(spend: Spend): Promise<boolean>;
}

export function gatherStore(db: Database): GatheredStore {
  return {
    institutionOfKey: gather((hashes) => institutionsOfKeys(db, hashes)),
    findToken: gather((names) => findTokens(db, names)),
    spendStep: gather((spends) => spendSteps(db, spends)),
  };
}
