/**
 * Stable codes of everything that the token service can refuse, with their HTTP statuses.
 * A code is never renamed; its meaning is in docs/PROTOCOL.md.
 */
export const PROBLEMS = {
  invalid_request: 400,
  idempotency_key_missing: 400,
  unauthorized: 401,
  proof_invalid: 401,
  key_not_allowed: 403,
  device_not_allowed: 403,
  origin_not_allowed: 403,
  origin_required: 403,
  enrolment_refused: 403,
  suspension_by_staff: 403,
  token_unknown: 404,
  pairing_unknown: 404,
  not_found: 404,
  state_conflict: 409,
  replacement_unconfirmed: 409,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Something necessary is not available now: the database does not answer, or too many requests wait for it. */
export class OutageError extends Error {
  override name = 'OutageError';
}

/**
 * Whether an error means that a PostgreSQL database cannot be reached or cannot write, which a server answers with 503. Other
 * errors of a database mean a wrong statement, which is a 500.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof OutageError) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // PostgreSQL classes 08 connection, 28 authorisation, 3D no such database, 53 resources (disk full), 57 operator
  // intervention, 58 system, XX internal; 25006 is a server that takes no writes.
  if (/^(08|28|3D|53|57|58|XX|25006)/.test(code)) return true;
  if (/^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|ENOSPC|EIO|EROFS|EHOST)/.test(code)) return true;
  return /timeout|Connection terminated|Connection ended|not queryable|is closed|ENOSPC|driver has already been destroyed|Query read timeout/i.test(
    error.message,
  );
}
