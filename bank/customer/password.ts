import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Work factors of scrypt (RFC 7914 §2). */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's floor for scrypt with 32 MiB. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };

const KEY_BYTES = 32;

/** `scrypt$N$r$p$salt$key`: old hashes stay valid when the cost is raised. */
export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** @throws Error if `hash` is not one of ours */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || !salt || !key) throw new Error('unknown password hash');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(derived, Buffer.from(key, 'base64url'));
}

/** A hash that no password matches; checking it takes as long as checking a real one. */
export function dummyHash({ N, r, p }: PasswordCost): string {
  const nothing = Buffer.alloc(KEY_BYTES).toString('base64url');
  return ['scrypt', N, r, p, 'AAAAAAAAAAAAAAAAAAAAAA', nothing].join('$');
}

function derive(password: string, salt: Buffer, { N, r, p }: PasswordCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
