import { readFileSync, writeFileSync } from 'node:fs';
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

/** @throws CannotTellError */
export function writeHeadsFile(file: string, heads: readonly KeptHead[], now: Date): void {
  try {
    writeFileSync(file, `${JSON.stringify({ at: now.toISOString(), heads }, null, 2)}\n`);
  } catch (error) {
    throw new CannotTellError(`cannot write ${file}: ${messageOf(error)}`);
  }
}
