import { z } from '@hono/zod-openapi';
import { auditMomentSchema, COUNTED_BY, type CountedBy } from '../core/api/audit.ts';
import { ProblemError } from './problem.ts';

/** Which hours or days are to be counted. */
export const countsQuery = z.object({
  from: auditMomentSchema,
  to: auditMomentSchema,
  by: z.enum(Object.keys(COUNTED_BY) as CountedBy[]),
});

const DAY_MS = 24 * 60 * 60_000;

/** @throws ProblemError invalid_request where it is of no days, or of more than are counted at once */
export function countedRange({ from, to, by }: z.infer<typeof countsQuery>) {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days < 0 || days > COUNTED_BY[by]) {
    throw new ProblemError('invalid_request', `At most ${COUNTED_BY[by]} days are counted by ${by}`, ['to']);
  }
  return { from: new Date(from), to: new Date(to), by };
}
