import { join } from 'node:path';
import { build } from 'vite';
import { PIN_COST } from '../../platform/storage/pin-secret.ts';
import { plugInAuthenticator } from '../e2e/fixtures/authenticator.ts';
import { Token } from '../e2e/pages/token.ts';
import { type BenchBrowser, launchBrowser } from './extension.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { prepareVault } from './seed-vault.ts';

const RUNS = 9;
const WARM_UPS = 2;
const PIN = '295173';
const BARE_SCRIPT = 'bare-scrypt.js';

/** From pressing ロックを解除 to the frame that shows the code, against the key derivation alone. */
export const unlock: Group = {
  name: 'unlock',
  run: async (bench) => {
    const { output } = await bench.build();
    const scripts = { [BARE_SCRIPT]: await bareScrypt() };
    const chromium = await launchBrowser('chromium', output, bench, scripts);
    const figures = [await byPin(chromium, bench), await byPasskey(chromium, bench)];
    const firefox = await launchBrowser('firefox', output, bench, scripts);
    return [...figures, await byPin(firefox, bench)];
  },
};

async function byPin(browser: BenchBrowser, bench: Bench): Promise<Figure> {
  bench.progress(`unlock by PIN, ${browser.kind}`);
  const token = await openToken(browser);
  await token.lockWithPin(PIN);
  const empty = await browser.newPage();
  await browser.visit(
    empty,
    `${browser.product.base}/empty.html`,
    () => document.querySelector('#empty') !== null,
  );
  const taken = await measured({
    unlocked: async () => {
      await token.page.bringToFront();
      await token.type(await token.word('pinLabel'), PIN);
      return pressToCode(token, 'unlock');
    },
    bare: async () => {
      await empty.bringToFront();
      return empty.evaluate(timeScrypt, `/${BARE_SCRIPT}`, PIN, PIN_COST);
    },
  });
  await Promise.all([token.page.close(), empty.close()]);
  return figure(`${browser.kind}: unlock by PIN → code`, taken, 'bare scrypt', 1.3);
}

async function byPasskey(browser: BenchBrowser, bench: Bench): Promise<Figure> {
  bench.progress('unlock by passkey');
  const token = await openToken(browser);
  await plugInAuthenticator(token.page, { hasPrf: true });
  await token.openLock();
  await token.pressWord('lockChange');
  await token.pressWord('lockPasskey');
  await token.readWord('lockChangedTo', await token.word('lockPasskey'));
  await token.pressWord('lockDo');
  const taken = await measured({
    unlocked: () => pressToCode(token, 'unlockPasskey'),
    bare: () => token.page.evaluate(timePasskey),
  });
  await token.page.close();
  return {
    ...figure(`${browser.kind}: unlock by passkey → code`, taken, 'bare WebAuthn get()'),
    note: 'the test’s authenticator answers at once; a customer’s waits for a finger',
  };
}

/** A token without a lock, in a page of its own. */
async function openToken(browser: BenchBrowser): Promise<Token> {
  await prepareVault(browser, 1);
  const page = await browser.newPage();
  await browser.visit(
    page,
    `${browser.product.base}/token.html`,
    () => document.querySelector('#app > *') !== null,
  );
  const token = new Token(page);
  await token.code();
  return token;
}

interface Taken {
  readonly unlocked: readonly number[];
  readonly bare: readonly number[];
}

async function measured(measurements: Record<keyof Taken, () => Promise<number>>): Promise<Taken> {
  await interleave(WARM_UPS, measurements);
  return interleave(RUNS, measurements);
}

function figure(name: string, { unlocked, bare }: Taken, peer: string, atMost?: number): Figure {
  return {
    name,
    value: median(unlocked),
    unit: 'ms',
    against: { name: peer, value: median(bare) },
    ...(atMost !== undefined && { target: { atMost } }),
  };
}

/** Presses a button of the locked screen; locks again afterwards. @returns milliseconds */
async function pressToCode(token: Token, button: 'unlock' | 'unlockPasskey'): Promise<number> {
  await token.see(await token.word('lockedTitle'));
  const ms = await token.page.evaluate(timeToCode, await token.word(button));
  await token.lockNow();
  return ms;
}

/** Runs in the page. What comes by a message channel after a frame's callback is after its paint. */
function timeToCode(name: string): Promise<number> {
  const button = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent?.trim() === name,
  );
  if (button === undefined) throw new Error(`no button ${name}`);
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const digits = document.querySelector('output.code .code-digits')?.textContent ?? '';
      if (digits.replace(/\D/g, '').length !== 8) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - started);
        port2.postMessage(undefined);
      });
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    const started = performance.now();
    button.click();
  });
}

/** Runs in an empty page of the extension. */
async function timeScrypt(
  script: string,
  pin: string,
  { log2N, r, p }: { log2N: number; r: number; p: number },
): Promise<number> {
  const { scryptAsync } = await import(script);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const started = performance.now();
  await scryptAsync(pin, salt, { N: 2 ** log2N, r, p, dkLen: 32, asyncTick: 100 });
  return performance.now() - started;
}

/** Runs in the page whose vault is wrapped under a passkey: asks for that one, and does nothing with the answer. */
async function timePasskey(): Promise<number> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const db = await done(indexedDB.open('warifu'));
  const { credentialId, prfSalt } = await done(
    db.transaction('keyring').objectStore('keyring').get('passkey'),
  );
  db.close();
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: [{ type: 'public-key', id: credentialId }],
    userVerification: 'required',
    extensions: { prf: { eval: { first: prfSalt } } },
  };
  const started = performance.now();
  const credential = await navigator.credentials.get({ publicKey });
  const took = performance.now() - started;
  const answered =
    credential instanceof PublicKeyCredential && credential.getClientExtensionResults().prf?.results;
  if (!answered) throw new Error('the passkey gave no secret');
  return took;
}

/** The library alone, as a script that a page can load. */
async function bareScrypt(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, 'bare-scrypt.ts'), formats: ['es'], fileName: 'bare-scrypt' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const [code] = outputs.flatMap((one) => ('output' in one ? one.output : []));
  if (code?.type !== 'chunk') throw new Error('nothing was built');
  return code.code;
}
