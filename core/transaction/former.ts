/**
 * Reads details from before transactions had types, when a transfer's fields stood beside the common ones. They are kept
 * as they were signed, in the service's rows and in a device's history; none of them is live.
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
