import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bankAudit } from '../bank/audit.ts';
import { deriveBankKeys, readBankKey } from '../bank/keys.ts';
import type { Audit } from '../host/audit/chain.ts';
import { hasChains } from '../host/audit/verify.ts';
import { FolderInUseError } from '../host/folder.ts';
import { opensKeyCheck } from '../host/key-check.ts';
import { systemRandomBytes } from '../host/random.ts';
import { type DatabaseToRead, openToRead } from '../host/read-database.ts';
import type { Settings } from '../host/settings.ts';
import { serviceAudit } from '../server/audit.ts';
import { loadMasterKey } from '../server/keys.ts';

/** Parts that keep an audit, and what of it is asked for by other names. */
export const PARTS = {
  service: { name: 'token service', folder: 'service', event: 'event', token: 'token_id' },
  bank: { name: 'bank', folder: 'bank', event: 'act', token: 'user_id' },
} as const;

export type Part = keyof typeof PARTS;

export const PART_KEYS = Object.keys(PARTS) as Part[];

/** Nothing can be said; the message tells the operator why. */
export class CannotTellError extends Error {
  override name = 'CannotTellError';
}

export interface OpenPart extends DatabaseToRead {
  readonly audit: Audit;
}

/** Opens the audit of a part with the part's own settings. @throws CannotTellError */
export async function openPart(settings: Settings, part: Part): Promise<OpenPart> {
  const { audit, key } = await auditOf(settings, part);
  const url = part === 'service' ? settings.serviceDatabaseUrl : settings.bankDatabaseUrl;
  const opened = await openToRead(url, join(settings.dataFolder, PARTS[part].folder)).catch(explain(part));
  try {
    if (!(await hasChains(opened.db, audit).catch(explain(part)))) {
      throw new CannotTellError('its database is older than the chains; start this version of it once');
    }
    if (!(await opensKeyCheck(opened.db, key))) {
      throw new CannotTellError('its key is not the one this database was written with');
    }
    return { ...opened, audit };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** A key that is not there is not made, as the part itself would. */
async function auditOf(settings: Settings, part: Part): Promise<{ audit: Audit; key: CryptoKey }> {
  const { dataFolder, masterKey, bankKey } = settings;
  const file = join(dataFolder, part === 'service' ? 'master.key' : 'bank.key');
  if ((part === 'service' ? masterKey : bankKey) === undefined && !existsSync(file)) {
    const variable = part === 'service' ? 'WARIFU_MASTER_KEY' : 'WARIFU_BANK_KEY';
    throw new CannotTellError(`its key is neither in ${variable} nor in ${file}`);
  }
  try {
    if (part === 'service') {
      const key = await loadMasterKey(dataFolder, masterKey);
      return { audit: serviceAudit(key), key };
    }
    const keys = await deriveBankKeys(readBankKey(settings, systemRandomBytes));
    return { audit: bankAudit(keys), key: keys.sealing };
  } catch (error) {
    throw new CannotTellError(messageOf(error));
  }
}

const explain =
  (part: Part) =>
  (error: unknown): never => {
    const name = PARTS[part].name;
    if (error instanceof FolderInUseError) {
      throw new CannotTellError(
        `${error.message}: stop the ${name} first, since one process at a time has the built-in database`,
      );
    }
    throw new CannotTellError(messageOf(error));
  };

export const messageOf = (error: unknown) => {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
};
