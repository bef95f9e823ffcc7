import type { Shell, Text } from '../../core/ports.ts';
import { institutionFace } from '../faces.ts';
import { createClockKeeper } from '../service/clock-keeper.ts';
import { createEnroller } from '../service/enroller.ts';
import { vault } from '../storage/vault.ts';
import { systemClock, systemRandomBytes } from '../system.ts';

/** What the full page works with in any shell; only its texts come from elsewhere. */
export function createPageShell(text: Text<string>): Shell {
  const clockKeeper = createClockKeeper(systemClock, systemRandomBytes);
  return {
    vault,
    clock: systemClock,
    clockKeeper,
    enroller: createEnroller(systemClock, clockKeeper, systemRandomBytes),
    text,
    institution: institutionFace,
    copy: (copied) => navigator.clipboard.writeText(copied),
  };
}
