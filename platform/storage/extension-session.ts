import type { Clock } from '../../core/clock.ts';
import { list, number, object, type Shaped, text } from '../../core/messages/shape.ts';
import { isAutoLock, isOver, LOOK_EVERY_MINUTES, type Use } from '../../core/vault/lock.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { native } from '../native.ts';
import { SEALING } from './keyring.ts';
import { read } from './read.ts';
import { secretOpener, wrapUnderSecret } from './secret-wrapping.ts';
import type { SessionKeeper } from './session.ts';
import { UNLOCKED, watchSession } from './watch-session.ts';
import { write } from './write.ts';

/** The record in the browser's memory: one half of what opens the vault. The other half is a device key on disk. */
const unlockedShape = object({
  id: text(64),
  /** 32 bytes. */
  secret: list(number),
  seenAt: number,
  autoLock: (value: unknown): value is Use['autoLock'] => isAutoLock(value),
});

type Unlocked = Shaped<typeof unlockedShape>;

/** The use of the vault while it is unlocked; undefined if it is locked. */
export async function readUse(): Promise<Unlocked | undefined> {
  const { [UNLOCKED]: kept } = await native.storage.session.get(UNLOCKED);
  return unlockedShape(kept) ? kept : undefined;
}

/**
 * The unlocked vault of all pages of the extension and its background. It outlives the worker but not the browser:
 * `storage.session` is in memory, and no content script can read it.
 */
export function createExtensionSession(clock: Clock, randomBytes: RandomBytes): SessionKeeper {
  const forget = async () => {
    await native.storage.session.remove(UNLOCKED);
    // without the secret the other record opens nothing, so the vault is locked even if deleting it fails
    await write(['sessions'], ({ store }) => store.clear()).catch(() => undefined);
  };
  return {
    async open() {
      const kept = await readUse();
      if (kept === undefined) return undefined;
      if (isOver(kept, clock(), LOOK_EVERY_MINUTES)) {
        await forget();
        return undefined;
      }
      const record = await read(['sessions'], ({ store }) => store.get(kept.id));
      return record && secretOpener(record, new Uint8Array(kept.secret), 'session');
    },
    async keep(opener, autoLock) {
      const id = crypto.randomUUID();
      const secret = randomBytes(32);
      const vaultKey = await opener({ ...SEALING, extractable: true });
      const record = { id, ...(await wrapUnderSecret(vaultKey, secret, 'session', randomBytes)) };
      await write(['sessions'], ({ store }) => Promise.all([store.clear(), store.put(record)]));
      const unlocked: Unlocked = { id, secret: [...secret], seenAt: clock(), autoLock };
      await native.storage.session.set({ [UNLOCKED]: unlocked });
    },
    async use(change) {
      const kept = await readUse();
      if (kept === undefined || isOver(kept, clock(), LOOK_EVERY_MINUTES)) return;
      await native.storage.session.set({ [UNLOCKED]: { ...kept, ...change } });
    },
    forget,
    watch: watchSession,
  };
}
