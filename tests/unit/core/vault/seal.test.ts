import { describe, expect, test } from 'vitest';
import { confirmationCode, confirmationKey } from '../../../../core/transaction/code.ts';
import { open, seal } from '../../../../core/vault/seal.ts';
import { NONCE_BYTES, openKey } from '../../../../core/vault/sealed.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt', 'unwrapKey']);
const key = await newKey();
const SECRET = random(32);
const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const TAG_BYTES = 16;

const refusal = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof DOMException ? error.name : String(error)),
  );

describe('a sealed value', () => {
  test('opens to what it was, under its key and context', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    expect(await open(key, sealed, 'a token')).toEqual(SECRET);
    expect(sealed.length).toBe(NONCE_BYTES + SECRET.length + TAG_BYTES);
  });

  test('may be empty', async () => {
    const sealed = await seal(key, new Uint8Array(), '', random);
    expect(await open(key, sealed, '')).toEqual(new Uint8Array());
  });

  test('does not open with any one bit changed', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const tampered = sealed.slice();
      tampered[bit >> 3] = (tampered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await refusal(open(key, tampered, 'a token'))).toBe('OperationError');
    }
  });

  test('does not open cut short or made longer', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    for (let length = NONCE_BYTES; length < sealed.length; length += 1) {
      expect(await refusal(open(key, sealed.slice(0, length), 'a token'))).toBe('OperationError');
    }
    expect(await refusal(open(key, new Uint8Array([...sealed, 0]), 'a token'))).toBe('OperationError');
  });

  test.each(['', 'another token', 'a token ', 'A token'])('does not open as %j', async (context) => {
    const sealed = await seal(key, SECRET, 'a token', random);
    expect(await refusal(open(key, sealed, context))).toBe('OperationError');
  });

  test('does not open under another key', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    expect(await refusal(open(await newKey(), sealed, 'a token'))).toBe('OperationError');
  });
});

describe('a sealed key', () => {
  test('opens into WebCrypto and signs as before, but gives its bytes to nobody', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    const opened = await openKey(key, sealed, 'a token', { algorithm: HMAC, usages: ['sign'] });
    const expected = await crypto.subtle.importKey('raw', SECRET, HMAC, false, ['sign']);
    const message = random(8);
    expect(await crypto.subtle.sign('HMAC', opened, message)).toEqual(
      await crypto.subtle.sign('HMAC', expected, message),
    );
    expect(await refusal(crypto.subtle.exportKey('raw', opened))).toBe('InvalidAccessError');
  });

  test('opens as a key to derive from, and makes the codes the service expects', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    const opened = await openKey(key, sealed, 'a token', { algorithm: 'HKDF', usages: ['deriveKey'] });
    const held = await crypto.subtle.importKey('raw', SECRET, 'HKDF', false, ['deriveKey']);
    expect(await confirmationCode(await confirmationKey(opened), '{}')).toBe(
      await confirmationCode(await confirmationKey(held), '{}'),
    );
    expect(opened.extractable).toBe(false);
    expect(await refusal(crypto.subtle.exportKey('raw', await confirmationKey(opened)))).toBe(
      'InvalidAccessError',
    );
  });

  test('does not open in another context', async () => {
    const sealed = await seal(key, SECRET, 'a token', random);
    expect(await refusal(openKey(key, sealed, 'another', { algorithm: HMAC, usages: ['sign'] }))).toBe(
      'OperationError',
    );
  });
});

describe('A20: nonces', () => {
  test('of 100,000 seals never repeat', async () => {
    const nonces = new Set<string>();
    const seals = 100_000;
    for (let done = 0; done < seals; done += 1000) {
      const some = await Promise.all(
        Array.from({ length: 1000 }, () => seal(key, new Uint8Array(1), 'a token', random)),
      );
      for (const sealed of some) nonces.add(Buffer.from(sealed.subarray(0, NONCE_BYTES)).toString('hex'));
    }
    expect(nonces.size).toBe(seals);
  });

  test('are asked of the generator anew for each seal, in full length', async () => {
    const asked: number[] = [];
    const counted = (length: number) => {
      asked.push(length);
      return random(length);
    };
    const first = await seal(key, SECRET, 'a token', counted);
    const second = await seal(key, SECRET, 'a token', counted);
    expect(asked).toEqual([NONCE_BYTES, NONCE_BYTES]);
    expect(first).not.toEqual(second);
  });
});
