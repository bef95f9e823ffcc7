import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSigningKey, readKeyPair } from '../../../server/keys.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

test.each([
  ['a public half', JSON.stringify(publicKey.export({ format: 'jwk' }))],
  ['a key of another curve', JSON.stringify(other.export({ format: 'jwk' }))],
  ['a PEM', String(other.export({ format: 'pem', type: 'pkcs8' }))],
  ['half a key', newSigningKey().slice(0, -1)],
  ['nothing', ''],
  ['null', 'null'],
])('%s is no key pair; the variable is named, and nothing of the text is said', async (_what, text) => {
  await expect(readKeyPair(text, 'WARIFU_PUSH_KEY')).rejects.toThrow(
    /^WARIFU_PUSH_KEY must be a private P-256 key as JWK$/,
  );
});

test('the public half is without the private one', async () => {
  const { publicJwk } = await readKeyPair(newSigningKey(), 'WARIFU_PUSH_KEY');
  expect(Object.keys(publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
});
