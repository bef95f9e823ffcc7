import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../errors.ts';

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** An error answer (RFC 9457, `application/problem+json`). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().optional(),
    /** The request's id, which is in the service's log. */
    instance: z.string().optional(),
    /** Paths of the invalid fields, if `code` is `invalid_request`. */
    fields: z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
