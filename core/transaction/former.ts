/**
 * Reads details from before transactions had types, with a transfer's fields beside the common ones. The service's rows and
 * devices' histories keep them as they were signed; none of them is live.
 */
export function withType(details: unknown): unknown {
  if (typeof details !== 'object' || details === null || 'transaction' in details) return details;
  const { confirmation, institution, token, number, requestedAt, expiresAt, ...transfer }: FormerDetails =
    details;
  const transaction = { type: 'transfer', ...transfer };
  return { confirmation, institution, token, number, requestedAt, expiresAt, transaction };
}

interface FormerDetails {
  readonly confirmation?: unknown;
  readonly institution?: unknown;
  readonly token?: unknown;
  readonly number?: unknown;
  readonly requestedAt?: unknown;
  readonly expiresAt?: unknown;
}
