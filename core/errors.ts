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
  method_not_allowed: 405,
  state_conflict: 409,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
