import { systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { loadMasterKey } from '../server/master-key.ts';
import { handOver, sealAgain } from '../server/rotate-master-key.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { openPart } from './parts.ts';

/** Hands the database over to the present master key, and seals under it what the previous one sealed. */
export async function masterKeyRotate(settings: Settings, print: (line: string) => void): Promise<Exit> {
  const { db, close } = await openPart(settings, 'service');
  try {
    const [to, from] = (await loadMasterKey(settings)).holding;
    if (to === undefined || from === undefined) {
      throw new CannotTellError(
        'the previous master key is neither in WARIFU_MASTER_KEY_PREVIOUS nor in master-previous.key',
      );
    }
    const rotation = { to, from, randomBytes: systemRandomBytes };
    await handOver(db, rotation);
    const { sealed, lost } = await sealAgain(db, rotation);
    print(`${sealed} secrets were sealed again`);
    for (const id of lost) print(`BAD: what ${id} holds opens by neither key`);
    return lost.length === 0 ? EXIT.good : EXIT.bad;
  } finally {
    await close();
  }
}
