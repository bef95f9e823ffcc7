import type { Clock } from '../../core/clock.ts';
import type {
  Lock,
  LockOutcome,
  LockProof,
  LockRefusal,
  LockState,
  PasskeySupport,
  UsePlace,
} from '../../core/vault/lock.ts';
import {
  type AutoLock,
  DEFAULT_AUTO_LOCK,
  type LockMethod,
  MOST_TRIES,
  triesToTell,
} from '../../core/vault/lock.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { Keyring, PasskeyKeyring, PinKeyring } from './database.ts';
import { deviceOpener, SEALING, type VaultOpener } from './keyring.ts';
import { deviceKeyring, ensureKeyring } from './new-keyring.ts';
import { newDerivation, type PinCost, pinSecret } from './pin-secret.ts';
import { read } from './read.ts';
import { secretOpener, wrapUnderSecret } from './secret-wrapping.ts';
import type { SessionKeeper } from './session.ts';
import { guarded } from './storage-errors.ts';
import { sweep } from './sweep.ts';
import { countTry, forgiveTries, isSameEntry } from './tries.ts';
import { lastWipe, wipeVault } from './wipe.ts';
import { type Writing, write } from './write.ts';

/** A passkey's answer; the secret is its PRF output, 32 bytes. */
export type PasskeyAnswer =
  | {
      readonly kind: 'secret';
      readonly secret: Uint8Array<ArrayBuffer>;
      readonly credentialId: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: 'cancelled' | 'unsupported' };

/** The browser's passkeys that can open vaults. Nothing rejects. */
export interface Passkeys {
  readonly support: PasskeySupport;
  create(prfSalt: Uint8Array<ArrayBuffer>): Promise<PasskeyAnswer>;
  ask(credentialId: Uint8Array<ArrayBuffer>, prfSalt: Uint8Array<ArrayBuffer>): Promise<PasskeyAnswer>;
}

export interface LockPorts {
  readonly session: SessionKeeper;
  readonly usePlace: UsePlace;
  readonly passkeys: Passkeys;
  readonly pinCost: PinCost;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export function createLock(ports: LockPorts): Lock {
  const { session } = ports;
  return {
    state: () => guarded(() => readState(ports)),
    unlock: (proof) =>
      settled(async () => {
        const opened = await judge(ports, proof);
        if (opened.kind !== 'opened') return opened;
        await session.keep(opened.opener, await readAutoLock());
        return DONE;
      }),
    lock: () => guarded(() => session.forget()),
    change: (current, next) => settled(() => change(ports, current, next)),
    setAutoLock: (autoLock) =>
      guarded(async () => {
        await write(['lock'], ({ store }) => store.put({ id: 'autoLock', autoLock }));
        await session.use({ autoLock });
      }),
    watch: (changed) => session.watch(changed),
  };
}

const DONE: LockOutcome = { kind: 'done' };

const refused = (reason: LockRefusal, triesLeft?: number) =>
  ({ kind: 'refused', reason, ...(triesLeft !== undefined && { triesLeft }) }) as const;

async function settled(act: () => Promise<LockOutcome>): Promise<LockOutcome> {
  try {
    return await act();
  } catch {
    return refused('vault');
  }
}

async function readState({ session, usePlace, passkeys }: LockPorts): Promise<LockState> {
  const [entry, autoLock, wiped] = await Promise.all([readEntry(), readAutoLock(), lastWipe()]);
  const method = methodOf(entry);
  return {
    method,
    locked: method !== 'none' && (await session.open()) === undefined,
    triesLeft: entry?.method === 'pin' ? triesToTell(entry.tried) : undefined,
    autoLock,
    usePlace,
    passkeys: passkeys.support,
    wiped,
  };
}

async function readEntry(): Promise<Keyring | undefined> {
  return (await read(['keyring'], ({ store }) => store.getAll()))[0];
}

const methodOf = (entry: Keyring | undefined): LockMethod =>
  entry === undefined || entry.method === 'device' ? 'none' : entry.method;

async function readAutoLock(): Promise<AutoLock> {
  const kept = await read(['lock'], ({ store }) => store.get('autoLock'));
  return kept?.id === 'autoLock' ? kept.autoLock : DEFAULT_AUTO_LOCK;
}

type Opened = { readonly kind: 'opened'; readonly entry: Keyring; readonly opener: VaultOpener };
type Judged = Opened | Exclude<LockOutcome, { kind: 'done' }>;

/** Tries whether a secret opens the vault. */
async function judge(ports: LockPorts, proof: LockProof): Promise<Judged> {
  const entry = await readEntry();
  if (entry === undefined || methodOf(entry) !== proof.kind) return refused('changed');
  if (entry.method === 'device') return { kind: 'opened', entry, opener: deviceOpener(entry) };
  if (entry.method === 'pin') return judgePin(ports, entry, proof.kind === 'pin' ? proof.pin : '');
  return judgePasskey(ports, entry);
}

async function judgePin(ports: LockPorts, entry: PinKeyring, pin: string): Promise<Judged> {
  const tried = await countTry(entry);
  if (tried === undefined) {
    // The entry was replaced in the meantime, or the last try was never recorded as right, so no more tries are allowed.
    return isSameEntry(await readEntry(), entry) ? wipe(ports) : refused('changed');
  }
  const opener = await secretOpener(entry, await pinSecret(pin, entry.derivation), 'pin');
  if (await opens(opener)) {
    await forgiveTries(entry);
    return { kind: 'opened', entry, opener };
  }
  return tried >= MOST_TRIES ? wipe(ports) : refused('wrong', triesToTell(tried));
}

async function wipe({ session, clock, randomBytes }: LockPorts): Promise<Judged> {
  await wipeVault(clock());
  await session.forget();
  await sweep(randomBytes);
  return { kind: 'wiped' };
}

async function judgePasskey({ passkeys }: LockPorts, entry: PasskeyKeyring): Promise<Judged> {
  if (passkeys.support !== 'ready') return refused('silent');
  const answer = await passkeys.ask(entry.credentialId, entry.prfSalt);
  if (answer.kind !== 'secret') return refused(answer.kind === 'unsupported' ? 'silent' : answer.kind);
  const opener = await secretOpener(entry, answer.secret, 'passkey');
  return (await opens(opener)) ? { kind: 'opened', entry, opener } : refused('wrong');
}

/** A wrong key is an answer; any other error is a failure. */
async function opens(opener: VaultOpener): Promise<boolean> {
  try {
    await opener(SEALING);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return false;
    throw error;
  }
}

/**
 * Wraps the same vault key in another way. Sealed data stays as it is. One transaction replaces the entry, so that there is
 * always exactly one.
 */
async function change(ports: LockPorts, current: LockProof, next: LockProof): Promise<LockOutcome> {
  const { session, randomBytes } = ports;
  await ensureKeyring(randomBytes);
  const opened = await judge(ports, current);
  if (opened.kind !== 'opened') return opened;
  const made = await makeEntry(ports, await opened.opener({ ...SEALING, extractable: true }), next);
  if ('kind' in made) return made;
  if (!(await replaceEntry(opened.entry, made))) return refused('changed');
  // sweeps the replaced entry, which opens the same vault
  await sweep(randomBytes);
  if (made.method === 'device') await session.forget();
  else await session.keep(opened.opener, await readAutoLock());
  return DONE;
}

async function makeEntry(
  { passkeys, pinCost, randomBytes }: LockPorts,
  vaultKey: CryptoKey,
  next: LockProof,
): Promise<Keyring | Exclude<LockOutcome, { kind: 'done' }>> {
  if (next.kind === 'none') return deviceKeyring(vaultKey, randomBytes);
  if (next.kind === 'pin') {
    const derivation = newDerivation(pinCost, randomBytes);
    const secret = await pinSecret(next.pin, derivation);
    const under = await wrapUnderSecret(vaultKey, secret, 'pin', randomBytes);
    return { method: 'pin', ...under, derivation, tried: 0 };
  }
  const prfSalt = randomBytes(32);
  const answer = await passkeys.create(prfSalt);
  if (answer.kind !== 'secret') return refused(answer.kind);
  const under = await wrapUnderSecret(vaultKey, answer.secret, 'passkey', randomBytes);
  return { method: 'passkey', ...under, credentialId: answer.credentialId, prfSalt };
}

/** @returns false if another page has replaced the entry since it was read */
function replaceEntry(entry: Keyring, made: Keyring): Promise<boolean> {
  const replace = async (tx: Writing<['keyring', 'sessions']>) => {
    const keyring = tx.objectStore('keyring');
    const same = isSameEntry(await keyring.get(entry.method), entry);
    if (same) await Promise.all([keyring.clear(), keyring.put(made), tx.objectStore('sessions').clear()]);
    return same;
  };
  return write(['keyring', 'sessions'], replace, 'strict');
}
