import type { Shell, Text } from '../../core/shell.ts';
import en from '../../public/_locales/en/messages.json';
import ja from '../../public/_locales/ja/messages.json';
import { createConfirmations } from '../service/confirmations.ts';
import { createConfirmer } from '../service/confirmer.ts';
import { keepDecision } from '../storage/decisions.ts';
import { isLocked } from '../storage/door.ts';
import { createLock } from '../storage/lock.ts';
import { createMemorySession } from '../storage/memory-session.ts';
import { PIN_COST } from '../storage/pin-secret.ts';
import { useVaultSession } from '../storage/session.ts';
import { keepStanding } from '../storage/standing.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { lockedTokenReader } from '../storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { createPageShell } from './page.ts';
import { noteUse } from './page-use.ts';
import { createPasskeys } from './passkeys.ts';
import { webBrowsing } from './web-browsing.ts';
import { webReminder } from './web-reminder.ts';

/** The companion web token: the same page, served by the token service. */
export async function createShell(): Promise<Shell> {
  const text = textIn(navigator.language.startsWith('ja') ? ja : en);
  const session = createMemorySession(systemClock);
  useVaultSession(session);
  noteUse(session, systemClock);
  const lock = createLock({
    session,
    passkeys: createPasskeys(text, systemRandomBytes),
    pinCost: PIN_COST,
    clock: systemClock,
    randomBytes: systemRandomBytes,
  });
  return createPageShell({
    form: 'companion',
    text,
    confirmationsWith: (ports) => {
      const confirmer = createConfirmer({ ...ports, keys: tokenKeys, keepDecision, keepStanding });
      return createConfirmations(confirmer, lockedTokenReader, isLocked);
    },
    lock,
    reminder: webReminder,
    privateBrowsing: webBrowsing,
  });
}

type Messages = Readonly<Record<string, { readonly message: string }>>;

/** Looks texts up the way `browser.i18n.getMessage` does: `$1` to `$9` are the substitutions, `$$` a dollar sign. */
function textIn(messages: Messages): Text<string> {
  return (key, ...substitutions) =>
    (messages[key]?.message ?? '').replace(/\$(\$|[1-9])/g, (_all, what: string) =>
      what === '$' ? '$' : (substitutions[Number(what) - 1] ?? ''),
    );
}
