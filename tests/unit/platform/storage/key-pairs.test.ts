import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Context,
  enrol,
  everything,
  PIN,
  random,
  SIGNING,
  SUMMARY,
  startContext,
} from './fresh-vault.ts';

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' };
const MESSAGE = new TextEncoder().encode('a decision');

let disk: IDBFactory;
let context: Context;

beforeEach(async () => {
  disk = new IDBFactory();
  context = await startContext(disk);
  await enrol(context);
});

/** Whether a pair signs as the token enrolled with. */
async function signsAsEnrolled({ privateKey }: CryptoKeyPair): Promise<boolean> {
  const signature = await crypto.subtle.sign(ECDSA, privateKey, MESSAGE);
  return crypto.subtle.verify(ECDSA, SIGNING.publicKey, signature, MESSAGE);
}

const keyPairs = () => import('../../../../platform/storage/key-pairs.ts');

describe('a token’s signing key', () => {
  test('signs as it was enrolled, and is there to sign and for nothing else', async () => {
    const pair = await context.tokenKeys.signing(SUMMARY.id);
    expect(await signsAsEnrolled(pair)).toBe(true);
    expect(pair.privateKey).toMatchObject({ extractable: false, usages: ['sign'] });
    await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow();
  });

  test('is kept sealed alone: no record holds a private key, and the receiving key is gone', async () => {
    const { tokens } = await everything(context);
    expect(keysIn(tokens).map(({ type }) => type)).toEqual(['public']);
    expect(JSON.stringify(tokens)).not.toContain('receiving');
  });

  test('signs after a PIN was set, and while that is locked, not at all', async () => {
    const pin = { kind: 'pin', pin: PIN } as const;
    await context.lock.change({ kind: 'none' }, pin);
    context = await startContext(disk);
    await expect(context.tokenKeys.signing(SUMMARY.id)).rejects.toMatchObject({ failure: 'locked' });
    await context.lock.unlock(pin);
    expect(await signsAsEnrolled(await context.tokenKeys.signing(SUMMARY.id))).toBe(true);
  });

  test('opens as no other token’s, and in no other box', async () => {
    await enrol(context, { ...SUMMARY, id: 'second' });
    const db = await context.database();
    const [first, second] = await Promise.all([db.get('tokens', 'first'), db.get('tokens', 'second')]);
    if (!(first && 'sealedKey' in first && second)) throw new Error('two tokens were kept');
    const corrupt = { failure: 'corrupt' };
    await db.put('tokens', { ...first, signing: second.signing });
    await expect(context.tokenKeys.signing('first')).rejects.toMatchObject(corrupt);
    await db.put('tokens', {
      ...first,
      sealedKey: first.signing.sealed,
      signing: { ...first.signing, sealed: first.sealedKey },
    });
    await expect(context.tokenKeys.signing('first')).rejects.toMatchObject(corrupt);
    await expect(context.tokenKeys.confirmation('first')).rejects.toMatchObject(corrupt);
    await db.put('tokens', first);
    expect(await signsAsEnrolled(await context.tokenKeys.signing('first'))).toBe(true);
  });
});

describe('the keys of a 初期設定 under way', () => {
  test('are kept sealed alone, and after a lost answer are the same', async () => {
    const { makeKeys, openPendingKeys } = await keyPairs();
    const { keys, kept } = await makeKeys('10000001:123', random);
    expect(keysIn(kept).map(({ type }) => type)).toEqual(['public', 'public']);
    const again = await openPendingKeys('10000001:123', kept);
    expect(await jwk(again.signing.privateKey)).toEqual(await jwk(keys.signing.privateKey));
    expect(again.receiving.privateKey).toMatchObject({ extractable: false, usages: ['deriveBits'] });
    await expect(openPendingKeys('10000001:124', kept)).rejects.toThrow();
  });

  test('are not made while the vault is locked', async () => {
    await context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN });
    await context.lock.lock();
    const { makeKeys } = await keyPairs();
    await expect(makeKeys('10000001:123', random)).rejects.toMatchObject({ failure: 'locked' });
  });
});

async function jwk(key: CryptoKey): Promise<object> {
  const { d, x, y } = await crypto.subtle.exportKey('jwk', key);
  return { d, x, y };
}

/** Every CryptoKey in what is kept. */
function keysIn(value: unknown): CryptoKey[] {
  if (value instanceof CryptoKey) return [value];
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(keysIn);
}
