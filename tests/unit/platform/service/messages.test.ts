import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { PublicJwk } from '../../../../core/institution/directory.ts';
import { readSigned } from '../../../../platform/service/messages.ts';
import { endorse, publicHalf } from '../../../../server/signing-key.ts';

/** What tokens of each build read while the service's signing key is rotated. */

const NOW = Date.parse('2026-11-21T09:01:00.000Z');
const DAY_MS = 24 * 60 * 60_000;
const TIME = 'warifu-time+jwt';

interface Key {
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
}
type Name = 'old' | 'new' | 'third' | 'stranger';

const keys = new Map<Name, Key>();

beforeAll(async () => {
  for (const name of ['old', 'new', 'third', 'stranger'] as const) {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    keys.set(name, { privateKey, publicJwk: publicHalf({ ...(await exportJWK(publicKey)) }) });
  }
});

function keyOf(name: Name): Key {
  const key = keys.get(name);
  if (key === undefined) throw new Error('no such key');
  return key;
}

const endorsedBy = (by: Name, of: Name, at = NOW) =>
  endorse({ ...keyOf(by), kid: by, endorsement: undefined, others: [] }, keyOf(of).publicJwk, new Date(at));

const signed = (by: Name, endorsement?: unknown, { typ = TIME, claims = { now: 1 } as object } = {}) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', typ, ...(endorsement !== undefined && { endorsement }) })
    .sign(keyOf(by).privateKey);

/** Whether a build that pins these keys takes the message. */
async function takes(jws: string, build: readonly [Name, Name?], now = NOW): Promise<boolean> {
  const [present, next] = build;
  const pinned = {
    serviceKey: keyOf(present).publicJwk,
    ...(next !== undefined && { nextServiceKey: keyOf(next).publicJwk }),
  };
  return (await readSigned(pinned, TIME, jws, z.object({ now: z.int() }), () => now)) !== undefined;
}

test('an old build takes what the old key signs, and what the new one signs while the old one endorses it', async () => {
  expect(await takes(await signed('old'), ['old'])).toBe(true);
  expect(await takes(await signed('new', await endorsedBy('old', 'new')), ['old'])).toBe(true);
  expect(await takes(await signed('new'), ['old'])).toBe(false);
});

test('a build of the overlap takes both keys by themselves, and a new build the new key alone', async () => {
  const endorsed = await signed('new', await endorsedBy('old', 'new'));
  for (const jws of [await signed('old'), await signed('new'), endorsed]) {
    expect(await takes(jws, ['old', 'new'])).toBe(true);
  }
  expect(await takes(await signed('new'), ['new'])).toBe(true);
  expect(await takes(endorsed, ['new'])).toBe(true);
  expect(await takes(await signed('old'), ['new'])).toBe(false);
});

test('a forged endorsement is worth nothing', async () => {
  const forged = [
    await endorsedBy('stranger', 'stranger'),
    await endorsedBy('new', 'stranger'),
    // One that is real, beside the signature of another key than it names.
    await endorsedBy('old', 'new'),
    // Signed by the old key, but to say something else.
    await signed('old', undefined, { claims: { key: keyOf('stranger').publicJwk, iat: 0, exp: 1e12 } }),
    'no JWS',
    7,
  ];
  for (const endorsement of forged) {
    expect(await takes(await signed('stranger', endorsement), ['old'])).toBe(false);
  }
});

test('a changed message, or one of another kind, is refused beside a real endorsement', async () => {
  const endorsement = await endorsedBy('old', 'new');
  const jws = await signed('new', endorsement);
  const [header, , signature] = jws.split('.');
  const other = Buffer.from('{"now":2}').toString('base64url');
  expect(await takes(`${header}.${other}.${signature}`, ['old'])).toBe(false);
  expect(await takes(await signed('new', endorsement, { typ: 'warifu-decided+jwt' }), ['old'])).toBe(false);
  expect(await takes('no JWS', ['old'])).toBe(false);
});

test('an endorsement that is shown again long after is over', async () => {
  const replayed = await signed('new', await endorsedBy('old', 'new'));
  expect(await takes(replayed, ['old'], NOW + 399 * DAY_MS)).toBe(true);
  expect(await takes(replayed, ['old'], NOW + 400 * DAY_MS)).toBe(false);
});

test('an endorsed key endorses no other', async () => {
  const first = await endorsedBy('old', 'new');
  const second = await new SignJWT({ key: { ...keyOf('third').publicJwk } })
    .setProtectedHeader({ alg: 'ES256', typ: 'warifu-endorsement+jwt', endorsement: first })
    .setIssuedAt(NOW / 1000)
    .setExpirationTime(NOW / 1000 + 1000)
    .sign(keyOf('new').privateKey);
  expect(await takes(await signed('third', second), ['old'])).toBe(false);
  expect(await takes(await signed('third', second), ['new'])).toBe(true);
});
