import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CannotTellError, messageOf } from '../errors.ts';
import { stateSchema } from './state.ts';

/** What is in a backup. It is written last, so that a folder without one is no backup. */
const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** From before the first copy. */
  at: z.iso.datetime(),
  /** Databases of the parts, by the id of each: `service`, `service-north`, `bank`. */
  parts: z.record(
    z.string().regex(/^(?:service(?:-[a-z][a-z0-9-]*)?|bank)$/),
    z.strictObject({
      /** The folder of a built-in database, or the archive of `pg_dump`. */
      kind: z.enum(['folder', 'archive']),
      /** PostgreSQL's major version. */
      major: z.int(),
      state: stateSchema,
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type DatabaseInBackup = Manifest['parts'][string];

const fileIn = (folder: string) => join(folder, 'backup.json');

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(fileIn(folder), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

/** @throws CannotTellError */
export function readManifest(folder: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch (error) {
    const isOther = error instanceof z.ZodError || error instanceof SyntaxError;
    throw new CannotTellError(
      `${folder} is no whole backup: ${isOther ? 'its backup.json is of another version' : messageOf(error)}`,
    );
  }
}
