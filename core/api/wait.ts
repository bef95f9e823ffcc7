import { z } from 'zod';

/** Most seconds for which a request waits for a change. */
const MOST_WAIT_S = 25;

/** `?wait=`: whole seconds in one or two digits; the service reads the time it has for the answer from the same two. */
export const waitSchema = z
  .string()
  .regex(/^\d{1,2}$/)
  .transform(Number)
  .pipe(z.int().max(MOST_WAIT_S))
  .default(0);
