import type { FillModes, HostAccess, Shortcut } from '../../core/autofill/bank-page.ts';
import type { Installer } from '../../core/install.ts';
import type { Notices } from '../../core/notices.ts';
import type { PreferenceKeeper } from '../../core/preferences.ts';
import type { Shell, Text } from '../../core/shell.ts';
import type { Approvals } from '../../core/transaction/approvals.ts';
import type { Confirmations } from '../../core/transaction/confirmations.ts';
import type { Updates } from '../../core/updates.ts';
import type { Lock } from '../../core/vault/lock.ts';
import type { PrivateBrowsing, Reminder } from '../../core/vault/storage.ts';
import { institutionFace } from '../faces.ts';
import { recovered } from '../storage/connection.ts';
import { vault } from '../storage/vault.ts';
import { systemClock } from '../system.ts';
import { guides, makers } from './guides.ts';
import { lazyServices } from './lazy-services.ts';
import { createStorageKeeper } from './storage-keeper.ts';

/** What differs between the shells. */
export interface ShellPorts {
  readonly form: 'extension' | 'companion';
  readonly text: Text<string>;
  readonly confirmations: Confirmations;
  readonly lock: Lock;
  readonly pairing: Shell['pairing'];
  readonly reminder: Reminder;
  privateBrowsing(): Promise<PrivateBrowsing>;
  /** Only in the extension. */
  readonly fillModes?: FillModes;
  readonly shortcut?: Shortcut;
  readonly access?: HostAccess;
  /** Only in the companion. */
  readonly updates?: Updates;
  readonly installer?: Installer;
  readonly preferences?: PreferenceKeeper;
  readonly notices?: Notices | undefined;
  readonly approvals?: Approvals;
}

/** The ports of the full page in any shell. */
export function createPageShell(ports: ShellPorts): Shell {
  const { form, ...given } = ports;
  return {
    vault,
    storageRecovered: recovered,
    clock: systemClock,
    ...lazyServices(form),
    institution: institutionFace,
    guides,
    makers,
    storage: createStorageKeeper(given.privateBrowsing),
    fillModes: undefined,
    shortcut: undefined,
    access: undefined,
    updates: undefined,
    installer: undefined,
    preferences: undefined,
    notices: undefined,
    approvals: undefined,
    ...given,
    print: () => window.print(),
    copy: (copied) => navigator.clipboard.writeText(copied),
  };
}
