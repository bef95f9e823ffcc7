import type { Context } from 'hono';
import type { Problem } from '../core/api/problem.ts';
import { PROBLEMS, type ProblemCode } from '../core/errors.ts';

const TITLES: Record<ProblemCode, string> = {
  invalid_request: 'The request does not have the documented form',
  idempotency_key_missing: 'A write needs an Idempotency-Key header',
  unauthorized: 'A valid API key is needed',
  proof_invalid: "The token's proof was not accepted",
  key_not_allowed: 'This kind of API key cannot do this',
  device_not_allowed: 'This device of the token may not do this',
  origin_not_allowed: "The page's origin is not the institution's",
  origin_required: "The institution takes it only with its page's origin",
  enrolment_refused: 'The enrolment was not accepted',
  suspension_by_staff: 'At this institution staff alone suspend tokens',
  token_unknown: 'No such token',
  pairing_unknown: 'No such pairing',
  not_found: 'No such resource',
  state_conflict: "The token's status does not allow this",
  replacement_unconfirmed: 'The token whose place it takes has not confirmed it',
  idempotency_conflict:
    'This Idempotency-Key was used for another request, or its outcome was settled before',
  payload_too_large: 'The request body is too large',
  unsupported_media_type: 'The request body must be application/json in UTF-8, without Content-Encoding',
  rate_limited: 'Too many requests; try again later',
  internal: 'Something went wrong in the service',
  unavailable: 'The service cannot answer at the moment; try again',
};

/** The challenge of a 401 (RFC 9110 §11.6.1). */
const CHALLENGES: Partial<Record<ProblemCode, Record<string, string>>> = {
  unauthorized: { 'WWW-Authenticate': 'Bearer' },
  proof_invalid: { 'WWW-Authenticate': 'DPoP algs="ES256"' },
};

/** Thrown to answer with a problem document. `detail` is public and never contains a secret. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly fields: string[] | undefined;

  /** Seconds after which the client may try again, if known. */
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail?: string, fields?: string[], retryAfterS?: number) {
    super(detail ?? TITLES[code]);
    this.code = code;
    this.detail = detail;
    this.fields = fields;
    this.retryAfterS = retryAfterS;
  }
}

/** The problem document of a refusal (RFC 9457 §3). `requestId` is the id in the log, if the request has one yet. */
export function problemDocument({ code, detail, fields }: ProblemError, requestId?: string): Problem {
  return {
    type: `urn:warifu:problem:${code}`,
    title: TITLES[code],
    status: PROBLEMS[code],
    code,
    ...(detail !== undefined && { detail }),
    ...(fields !== undefined && { fields }),
    ...(requestId !== undefined && { instance: `urn:uuid:${requestId}` }),
  };
}

export function problemResponse(c: Context, error: ProblemError): Response {
  const problem = problemDocument(error, c.get('requestId'));
  const headers = { 'Content-Type': 'application/problem+json', ...CHALLENGES[error.code] };
  return c.body(JSON.stringify(problem), PROBLEMS[error.code], headers);
}
