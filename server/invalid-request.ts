import type { z } from 'zod';
import { ProblemError } from './problem.ts';

/** A member that a refusal may name: nothing long, no markup, and no code or password that came in a name's place. */
const HARMLESS_NAME = /^[A-Za-z][A-Za-z_]{0,30}[0-9]?$/;

/** The refusal of what a schema does not take. @param target the part of the request: `json`, `query`, `param`, `header` */
export function invalidRequest({ issues }: Pick<z.ZodError, 'issues'>, target?: string): ProblemError {
  const fields = issues.map(({ path }) => path.map(String).join('.')).filter((path) => path !== '');
  const isOfKey = target === 'header' && fields.includes('idempotency-key');
  const detail = isOfKey ? 'Idempotency-Key must have 1 to 128 characters' : detailOf(issues);
  return new ProblemError('invalid_request', detail, fields.length > 0 ? fields : undefined);
}

function detailOf(issues: readonly z.core.$ZodIssue[]): string | undefined {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown !== undefined) {
    const name = unknown.keys.find((key) => HARMLESS_NAME.test(key));
    return `A member that is not documented${name === undefined ? '' : `: ${name}`}`;
  }
  const isNoObject = issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  return isNoObject ? 'The body is not a JSON object' : undefined;
}
