import type { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';
import type { Lock } from '../../../../core/vault/lock.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import type { PasskeyAnswer, Passkeys } from '../../../../platform/storage/lock.ts';
import { useFakeIndexedDb } from './fake-database.ts';

export const NOW = 1_795_249_200_000;
export const PIN = '295173';
export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

export const SUMMARY: TokenSummary = {
  id: 'first',
  institution: 'senpoku',
  institutionName: '仙北信用組合',
  suffix: '',
  serial: '739016482',
  userId: '123904785612',
  parameters: { algorithm: 'SHA-256', digits: 8, period: 60 },
  enrolledAt: NOW,
  expiresAt: NOW + 1_000_000,
};

/** How a credential is told from others. */
const nameOf = (credentialId: Uint8Array) => Buffer.from(credentialId).toString('hex');

/** A passkey on the test's table: a PRF of its own, and what it answers instead when told to. */
export class FakePasskeys implements Passkeys {
  readonly support = 'ready';
  /** The credentials there are, each with the secret its PRF is keyed by. */
  readonly credentials = new Map<string, Uint8Array<ArrayBuffer>>();
  instead: PasskeyAnswer | undefined;

  async create(prfSalt: Uint8Array<ArrayBuffer>): Promise<PasskeyAnswer> {
    const credentialId = random(16);
    this.credentials.set(nameOf(credentialId), random(32));
    return this.ask(credentialId, prfSalt);
  }

  async ask(credentialId: Uint8Array<ArrayBuffer>, prfSalt: Uint8Array<ArrayBuffer>): Promise<PasskeyAnswer> {
    const own = this.credentials.get(nameOf(credentialId));
    if (this.instead || own === undefined) return this.instead ?? { kind: 'cancelled' };
    const key = await crypto.subtle.importKey('raw', own, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return {
      kind: 'secret',
      credentialId,
      secret: new Uint8Array(await crypto.subtle.sign('HMAC', key, prfSalt)),
    };
  }
}

/**
 * One context of the token (a page, or the background started anew) on a database: its modules are loaded afresh.
 * @param disk what survives the context
 */
export async function startContext(disk: IDBFactory, passkeys: Passkeys = new FakePasskeys()) {
  vi.resetModules();
  useFakeIndexedDb(disk);
  const { createLock } = await import('../../../../platform/storage/lock.ts');
  const { createMemorySession } = await import('../../../../platform/storage/memory-session.ts');
  const { useVaultSession } = await import('../../../../platform/storage/session.ts');
  const { addToken, vault } = await import('../../../../platform/storage/vault.ts');
  const { keepStanding } = await import('../../../../platform/storage/standing.ts');
  const { tokenKeys } = await import('../../../../platform/storage/token-keys.ts');
  const {
    connect: database,
    recovered,
    PATIENCE_MS: patienceMs,
  } = await import('../../../../platform/storage/connection.ts');
  const paired = await import('../../../../platform/storage/peers.ts');
  const { makePairingKeys } = await import('../../../../platform/storage/key-pairs.ts');
  const { claimStep } = await import('../../../../platform/storage/filled.ts');
  const { keepSignature } = await import('../../../../platform/storage/signatures.ts');
  const { factors } = await import('../../../../platform/storage/factors.ts');
  const history = await import('../../../../platform/storage/decisions.ts');
  const time = { now: NOW };
  const session = createMemorySession(() => time.now);
  useVaultSession(session);
  const lock: Lock = createLock({
    session,
    usePlace: 'page',
    passkeys,
    pinCost: { log2N: 4, r: 8, p: 1 },
    clock: () => time.now,
    randomBytes: random,
  });
  return {
    lock,
    vault,
    keepStanding,
    tokenKeys,
    session,
    database,
    recovered,
    patienceMs,
    claimStep,
    keepSignature,
    factors,
    paired,
    makePairingKeys,
    addToken,
    history,
    time,
  };
}

export type Context = Awaited<ReturnType<typeof startContext>>;

export const OTP_KEY = new Uint8Array(32).map((_, at) => 200 - at);

export const SIGNING = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
]);

export async function enrol({ addToken }: Context, summary = SUMMARY): Promise<void> {
  await addToken(summary, OTP_KEY.slice(), SIGNING, 'pending', random);
}

/** Every record of every store, as it is kept. */
export async function everything({ database }: Context): Promise<Record<string, unknown[]>> {
  const db = await database();
  const stores = await Promise.all(
    [...db.objectStoreNames].map(async (name) => [name, await db.getAll(name)]),
  );
  return Object.fromEntries(stores);
}
