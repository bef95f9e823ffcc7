import type { ZodType } from 'zod';
import { problemSchema } from '../core/api/problem.ts';

/** A required JSON body. */
export function jsonBody<T extends ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** The good answer and the statuses that carry a problem document. */
export function answers<S extends number, T extends ZodType>(
  status: S,
  description: string,
  schema: T,
  refusals: readonly number[],
) {
  const good = { [status]: { description, content: { 'application/json': { schema } } } } as {
    [K in S]: { description: string; content: { 'application/json': { schema: T } } };
  };
  return { ...problems(refusals), ...good };
}

/** The statuses that carry a problem document. */
export function problems(statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
}
