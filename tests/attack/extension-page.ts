import type { Page } from 'puppeteer';

/** What the tests do behind the extension's back, in a page of its own. */

/** The codes of some steps, made of the token's own key: WebCrypto gives no key away. */
export function codesOf(tokenPage: Page, first: number, last: number): Promise<string[]> {
  return tokenPage.evaluate(
    async (from, to) => {
      const opening = indexedDB.open('warifu');
      await new Promise((resolve) => {
        opening.onsuccess = resolve;
      });
      const db = opening.result;
      const all = <T>(store: string) =>
        new Promise<T>((resolve) => {
          const reading = db.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result[0]);
        });
      type Keyring = { deviceKey: CryptoKey; wrapped: Uint8Array<ArrayBuffer> };
      type Token = { id: string; sealedKey: Uint8Array<ArrayBuffer> };
      const { deviceKey, wrapped } = await all<Keyring>('keyring');
      const { id, sealedKey } = await all<Token>('tokens');
      db.close();
      const unwrap = (sealed: Uint8Array<ArrayBuffer>, by: CryptoKey, context: string | undefined) => {
        const algorithm = {
          name: 'AES-GCM',
          iv: sealed.subarray(0, 12),
          ...(context !== undefined && { additionalData: new TextEncoder().encode(context) }),
        };
        const use = context === undefined ? 'AES-GCM' : { name: 'HMAC', hash: 'SHA-256' };
        const usages: KeyUsage[] = context === undefined ? ['unwrapKey'] : ['sign'];
        return crypto.subtle.unwrapKey('raw', sealed.subarray(12), by, algorithm, use, false, usages);
      };
      const key = await unwrap(sealedKey, await unwrap(wrapped, deviceKey, undefined), id);
      const steps = Array.from({ length: to - from + 1 }, (_none, index) => from + index);
      return Promise.all(
        steps.map(async (step) => {
          const counter = new DataView(new ArrayBuffer(8));
          counter.setBigUint64(0, BigInt(step));
          const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
          const at = digest.getUint8(digest.byteLength - 1) & 15;
          return String((digest.getUint32(at) & 0x7fffffff) % 100_000_000).padStart(8, '0');
        }),
      );
    },
    first,
    last,
  );
}

/** The store that the background writes to before it gives out a code or sends a signature. */
const WRITES = { code: ['filled', 'filledConfirmations'], signature: ['signatures'] } as const;

/** Keeps the background from giving a code or a signature out, between its decision and its answer. Forgets what was given out. */
export async function holdAnswers(tokenPage: Page, of: keyof typeof WRITES = 'code'): Promise<void> {
  await tokenPage.evaluate(
    (stores) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('warifu');
        opening.onsuccess = () => {
          const tx = opening.result.transaction(stores, 'readwrite');
          const store = tx.objectStore(stores[0] ?? '');
          const hold = { on: true, over: Promise.resolve() };
          hold.over = new Promise((over) => {
            tx.oncomplete = () => {
              opening.result.close();
              over();
            };
          });
          Object.assign(globalThis, { hold });
          const spin = () => {
            resolve();
            if (hold.on) store.get('nothing').onsuccess = spin;
          };
          store.clear().onsuccess = spin;
        };
      }),
    [...WRITES[of]],
  );
}

export async function letAnswersGo(tokenPage: Page): Promise<void> {
  await tokenPage.evaluate(async () => {
    const { hold } = globalThis as unknown as { hold: { on: boolean; over: Promise<void> } };
    hold.on = false;
    await hold.over;
  });
}

interface Kept {
  readonly challenge: string;
  readonly signature: string;
}

/** The signatures of challenges that the extension has kept. */
export const signaturesOf = (tokenPage: Page): Promise<Kept[]> =>
  tokenPage.evaluate(
    () =>
      new Promise<Kept[]>((resolve) => {
        const opening = indexedDB.open('warifu');
        opening.onsuccess = () => {
          const reading = opening.result.transaction('signatures').objectStore('signatures').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result.flat());
          };
        };
      }),
  );
