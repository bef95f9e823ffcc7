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
  problems: readonly number[],
) {
  const good = { [status]: { description, content: { 'application/json': { schema } } } } as {
    [K in S]: { description: string; content: { 'application/json': { schema: T } } };
  };
  const bad = Object.fromEntries(
    problems.map((problem) => [
      problem,
      { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
  return { ...bad, ...good };
}
