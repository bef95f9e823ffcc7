import type { OpeningShell } from '../../core/shell.ts';
import { browser } from '../browser.ts';
import { hostAccess } from '../host-access.ts';
import { fillModes } from '../storage/fill-modes.ts';
import { useVaultSession } from '../storage/session.ts';
import { backgroundConfirmations } from './background-confirmations.ts';
import { extensionBrowsing } from './extension-browsing.ts';
import { extensionLock } from './extension-lock.ts';
import { extensionSession } from './extension-session.ts';
import { desktopPairing } from './lazy-services.ts';
import { createPageShell } from './page.ts';
import { shortcut } from './page-help.ts';
import { localReminder } from './reminder.ts';

/** The full page inside the extension. */
export function createShell(): OpeningShell {
  useVaultSession(extensionSession);
  const shell = createPageShell({
    form: 'extension',
    text: (key, ...substitutions) => browser.i18n.getMessage(key, substitutions),
    confirmations: backgroundConfirmations,
    lock: extensionLock,
    pairing: desktopPairing(),
    reminder: localReminder,
    privateBrowsing: extensionBrowsing,
    fillModes,
    shortcut,
    access: hostAccess,
  });
  return { shell, loadTexts: async () => {} };
}
