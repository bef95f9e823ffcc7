/**
 * Stable codes of everything the token service can refuse, with the HTTP status they travel under.
 * A code is never renamed; its meaning is in docs/PROTOCOL.md.
 */
export const PROBLEMS = {
  invalid_request: 400,
  idempotency_key_missing: 400,
  unauthorized: 401,
  proof_invalid: 401,
  enrolment_refused: 403,
  token_unknown: 404,
  not_found: 404,
  state_conflict: 409,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/**
 * Whether an error says that a PostgreSQL database cannot be reached or cannot write, rather than that it was asked
 * wrongly: what a server answers 503 to, not 500.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // PostgreSQL classes 08 connection, 53 resources (disk full), 57 operator intervention, 58 system, XX internal.
  if (/^(08|53|57|58|XX)/.test(code)) return true;
  if (/^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|ENOSPC|EIO|EROFS|EHOST)/.test(code)) return true;
  return /timeout|Connection terminated|is closed|ENOSPC|driver has already been destroyed|Query read timeout/i.test(
    error.message,
  );
}
