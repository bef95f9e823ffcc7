import { existsSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Head } from '../host/audit/chain.ts';
import { CannotTellError, messageOf } from './errors.ts';
import { PART_KEYS, type Part } from './part.ts';

/** The file in which an auditor keeps heads, away from the databases. */
const headsSchema = z.object({
  heads: z.array(
    z.strictObject({
      part: z.enum(PART_KEYS),
      institution: z.string(),
      count: z.int().positive(),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export interface KeptHead extends Head {
  readonly part: Part;
}

/** @throws CannotTellError */
export function readHeadsFile(file: string): KeptHead[] {
  try {
    return headsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).heads;
  } catch (error) {
    const reason =
      error instanceof z.ZodError || error instanceof SyntaxError ? 'it has no heads' : messageOf(error);
    throw new CannotTellError(`cannot read ${file}: ${reason}`);
  }
}

/** Writes heads in place of those that are there, which are lost only once the new ones are on the disk. @throws CannotTellError */
export function writeHeadsFile(file: string, heads: readonly KeptHead[], now: Date): void {
  const text = `${JSON.stringify({ at: now.toISOString(), heads }, null, 2)}\n`;
  try {
    const isThere = existsSync(file);
    // A pipe or a terminal has nothing to lose.
    if (isThere && !statSync(file).isFile()) writeFileSync(file, text);
    else replace(isThere ? realpathSync(file) : file, text);
  } catch (error) {
    throw new CannotTellError(`cannot write ${file}: ${messageOf(error)}`);
  }
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
}
