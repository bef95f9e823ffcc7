import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type {
  Clock,
  ClockKeeper,
  Confirmations,
  FillModes,
  HostAccess,
  Lock,
  RecoveryGuide,
  Shell,
  Shortcut,
  Text,
} from '../../core/ports.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { institutions } from '../directory.ts';
import { institutionFace } from '../faces.ts';
import { createClockKeeper } from '../service/clock-keeper.ts';
import { createEnroller } from '../service/enroller.ts';
import { decisionHistory } from '../storage/decisions.ts';
import { vault } from '../storage/vault.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { localReminder } from './reminder.ts';
import { storageKeeper } from './storage-keeper.ts';

/** What a shell's confirmations can be made with. */
export interface PagePorts {
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly randomBytes: RandomBytes;
}

/** What there is in the extension alone. */
export interface InExtension {
  readonly fillModes: FillModes;
  readonly shortcut: Shortcut;
  readonly access: HostAccess;
}

/** What the full page works with in any shell; its texts and its way to the services come from elsewhere. */
export function createPageShell(
  text: Text<string>,
  confirmationsWith: (ports: PagePorts) => Confirmations,
  lock: Lock,
  extension?: InExtension,
): Shell {
  const clockKeeper = createClockKeeper(systemClock, systemRandomBytes);
  return {
    vault,
    clock: systemClock,
    clockKeeper,
    confirmations: confirmationsWith({ clock: systemClock, clockKeeper, randomBytes: systemRandomBytes }),
    lock,
    history: decisionHistory,
    enroller: createEnroller(systemClock, clockKeeper, systemRandomBytes),
    text,
    institution: institutionFace,
    guides: institutions.map(guideOf),
    reminder: localReminder,
    storage: storageKeeper,
    fillModes: extension?.fillModes,
    shortcut: extension?.shortcut,
    access: extension?.access,
    print: () => window.print(),
    copy: (copied) => navigator.clipboard.writeText(copied),
  };
}

function guideOf({ rules, pageOrigins, ...institution }: PinnedInstitution): RecoveryGuide {
  const { key, name, nameEn, accent, contact } = institution;
  const { reissueAfterDays, release } = rules;
  return { key, name, nameEn, accent, contact, reissueAfterDays, release, origin: pageOrigins[0] ?? '' };
}
