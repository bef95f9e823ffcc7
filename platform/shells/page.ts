import type { FillModes, HostAccess, Shortcut } from '../../core/autofill/bank-page.ts';
import type { Clock } from '../../core/clock.ts';
import type { Shell, Text } from '../../core/shell.ts';
import type { Confirmations } from '../../core/transaction/confirmations.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import type { Lock } from '../../core/vault/lock.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PrivateBrowsing, Reminder } from '../../core/vault/storage.ts';
import { institutionFace } from '../faces.ts';
import { createClockKeeper } from '../service/clock-keeper.ts';
import { createEnroller } from '../service/enroller.ts';
import { createSuspender } from '../service/suspender.ts';
import { recovered } from '../storage/connection.ts';
import { decisionHistory } from '../storage/decisions.ts';
import { keepStanding } from '../storage/standing.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { vault } from '../storage/vault.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { guides, makers } from './guides.ts';
import { createStorageKeeper } from './storage-keeper.ts';
import { describeDevice } from './this-device.ts';

/** What a shell gets for making its confirmations. */
export interface PagePorts {
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly randomBytes: RandomBytes;
}

/** What differs between the shells. */
export interface ShellPorts {
  readonly form: 'extension' | 'companion';
  readonly text: Text<string>;
  confirmationsWith(ports: PagePorts): Confirmations;
  readonly lock: Lock;
  readonly reminder: Reminder;
  privateBrowsing(): Promise<PrivateBrowsing>;
  /** Only in the extension. */
  readonly fillModes?: FillModes;
  readonly shortcut?: Shortcut;
  readonly access?: HostAccess;
}

/** The ports of the full page in any shell. */
export function createPageShell(ports: ShellPorts): Shell {
  const { form, text, lock, reminder, privateBrowsing, fillModes, shortcut, access } = ports;
  const clockKeeper = createClockKeeper(systemClock, systemRandomBytes);
  return {
    vault,
    storageRecovered: recovered,
    clock: systemClock,
    clockKeeper,
    confirmations: ports.confirmationsWith({
      clock: systemClock,
      clockKeeper,
      randomBytes: systemRandomBytes,
    }),
    lock,
    history: decisionHistory,
    enroller: createEnroller(
      systemClock,
      clockKeeper,
      systemRandomBytes,
      describeDevice(form, navigator.userAgent),
    ),
    suspender: createSuspender({
      clock: systemClock,
      clockKeeper,
      randomBytes: systemRandomBytes,
      keys: tokenKeys,
      keepStanding,
    }),
    text,
    institution: institutionFace,
    guides,
    makers,
    reminder,
    privateBrowsing,
    storage: createStorageKeeper(privateBrowsing),
    fillModes,
    shortcut,
    access,
    print: () => window.print(),
    copy: (copied) => navigator.clipboard.writeText(copied),
  };
}
