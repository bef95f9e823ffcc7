import { readBankKeys } from '../bank/keys.ts';
import { handOverBank } from '../bank/store/kept-keys.ts';
import { systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';
import { bankDatabase, openPart } from './parts.ts';

/** Puts what the bank's database holds under the present key of the bank, by the previous one. */
export async function bankKeyRotate(settings: Settings, print: (line: string) => void): Promise<void> {
  const { db, close } = await openPart(settings, bankDatabase(settings));
  try {
    const [to, from] = await readBankKeys(settings, systemRandomBytes);
    if (from === undefined) {
      throw new CannotTellError(
        'the previous bank key is neither in WARIFU_BANK_KEY_PREVIOUS nor in bank-previous.key',
      );
    }
    const changed = await handOverBank(db, { to, from, randomBytes: systemRandomBytes });
    print(changed ? 'the database is held by the present key' : 'the database was held by it already');
  } finally {
    await close();
  }
}
