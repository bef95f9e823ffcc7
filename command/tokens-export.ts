import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StaffAct } from '../core/api/staff.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { writeCsv } from '../host/token-file/csv.ts';
import type { FileSecret } from '../host/token-file/pskc-keys.ts';
import { writePskc } from '../host/token-file/pskc-write.ts';
import type { FileToken } from '../host/token-file/token.ts';
import { auditExport, unboundTokens } from '../server/export-tokens.ts';
import { loadMasterKey } from '../server/master-key.ts';
import { CannotTellError } from './errors.ts';
import { cannotWrite, inNewFile } from './new-file.ts';
import { databaseFor, mustBeKnown, openPart } from './parts.ts';
import { checkedAct } from './staff-act.ts';
import type { ExportFormat } from './tokens-format.ts';

export interface TokensExportArguments {
  readonly institution: string;
  readonly format: ExportFormat;
  readonly by: StaffAct;
  readonly secret: FileSecret;
  /** Whether keys may stand in the file for everybody to read. */
  readonly clear: boolean;
  /** A new file, of this user alone. */
  readonly out: string;
}

/**
 * Writes an institution's hardware tokens that nobody has yet into a file, keys included, and that into the audit. Of a file
 * that is not written whole nothing is left.
 * @returns how many
 * @throws CannotTellError
 */
export async function tokensExport(
  settings: Settings,
  { institution, format, by, secret, clear, out }: TokensExportArguments,
): Promise<number> {
  const isEncrypted = secret.password !== undefined || secret.key !== undefined;
  if (!isEncrypted && !clear) throw new CannotTellError('keys are written in clear with --clear only');
  if (isEncrypted && format === 'csv') throw new CannotTellError('a CSV has its keys in clear');
  if (secret.key !== undefined && secret.key.length !== 16) {
    throw new CannotTellError('a key to encrypt with has 16 bytes');
  }
  const act = checkedAct(by);
  const { db, audit, close } = await openPart(settings, databaseFor(settings, 'service', institution));
  try {
    await mustBeKnown(settings, { db, audit }, institution);
    const masterKey = await loadMasterKey(settings);
    let count = 0;
    const counted = async function* (): AsyncGenerator<FileToken> {
      for await (const token of unboundTokens(db, institution, masterKey)) {
        count += 1;
        yield token;
      }
    };
    const text = format === 'csv' ? writeCsv(counted()) : writePskc(counted(), secret, systemRandomBytes);
    await inNewFile(out, async (file) => {
      await auditExport(db, institution, act, { id: randomId(systemRandomBytes), at: new Date() });
      await pipeline(Readable.from(text), file);
    }).catch((error: unknown) => {
      throw error instanceof CannotTellError ? error : cannotWrite(out, error);
    });
    return count;
  } finally {
    await close();
  }
}
