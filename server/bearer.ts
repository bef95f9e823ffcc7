/** The API key of a request (RFC 6750 §2.1); the scheme is in letters of either case (RFC 9110 §11.1). */
export const bearerKey = (authorization: string | null | undefined): string | undefined =>
  /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(authorization ?? '')?.[1];
