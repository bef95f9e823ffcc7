import { DATABASE_NAME } from '../../platform/storage/database.ts';
import { SENPOKU } from '../institutions.ts';
import type { BenchBrowser } from './extension.ts';

/**
 * Puts tokens into the extension's vault, in place of those there, all with keys that open, and a clock measured just
 * now. The product makes the tables itself, on its first look into the vault.
 */
export async function prepareVault({ product, newPage, visit }: BenchBrowser, tokens: number): Promise<void> {
  const page = await newPage();
  await visit(page, `${product.base}/popup.html`, () => document.querySelector('#app h1') !== null);
  await page.close();
  await product.run(fillVault, seedOf(tokens));
}

export function seedOf(count: number): Seed {
  const { key, name, otp } = SENPOKU;
  return { databaseName: DATABASE_NAME, key, name, otp, count };
}

interface Seed {
  readonly databaseName: string;
  readonly key: string;
  readonly name: string;
  readonly otp: object;
  readonly count: number;
}

/** Runs in a page or worker of the token's, so it can use nothing of this file. Keys are made as platform/storage makes them. */
export async function fillVault({ databaseName, key, name, otp, count }: Seed): Promise<void> {
  const aes = { name: 'AES-GCM', length: 256 };
  const deviceKey = await crypto.subtle.generateKey(aes, false, ['wrapKey', 'unwrapKey']);
  const vaultKey = await crypto.subtle.generateKey(aes, true, ['encrypt', 'wrapKey']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const body = await crypto.subtle.wrapKey('raw', vaultKey, deviceKey, { name: 'AES-GCM', iv });
  const keyring = { method: 'device', deviceKey, wrapped: joined(iv, body) };

  const now = Date.now();
  const records = await Promise.all(Array.from({ length: count }, (_, index) => newRecord(index)));
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const stores = ['keyring', 'tokens', 'summaries', 'filled', 'offsets', 'settings'];
  const tx = db.transaction(stores, 'readwrite');
  for (const store of stores) tx.objectStore(store).clear();
  tx.objectStore('keyring').put(keyring);
  for (const { summary, ...secrets } of records) {
    tx.objectStore('tokens').put({ ...summary, ...secrets });
    tx.objectStore('summaries').put(summary);
  }
  tx.objectStore('offsets').put({ offsetMs: 0, measuredAt: now }, key);
  tx.objectStore('settings').put('token-0', 'selected');
  await new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
  db.close();

  async function newRecord(index: number) {
    const id = `token-${index}`;
    const summary = {
      id,
      institution: key,
      institutionName: name,
      suffix: `口座${index}`,
      serial: String(100_000_000 + index),
      userId: String(100_000_000_000 + index),
      parameters: otp,
      enrolledAt: now - 86_400_000 + index,
      expiresAt: now + 1000 * 86_400_000,
    };
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const otpKey = crypto.getRandomValues(new Uint8Array(32));
    const additionalData = new TextEncoder().encode(id);
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce, additionalData },
      vaultKey,
      otpKey,
    );
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const pairNonce = crypto.getRandomValues(new Uint8Array(12));
    const sealedPair = await crypto.subtle.wrapKey('pkcs8', pair.privateKey, vaultKey, {
      name: 'AES-GCM',
      iv: pairNonce,
      additionalData: new TextEncoder().encode(`${id} signing key`),
    });
    const signing = { publicKey: pair.publicKey, sealed: joined(pairNonce, sealedPair) };
    return { summary, sealedKey: joined(nonce, sealed), signing };
  }

  function joined(head: Uint8Array, tail: ArrayBuffer): Uint8Array {
    return new Uint8Array([...head, ...new Uint8Array(tail)]);
  }
}
