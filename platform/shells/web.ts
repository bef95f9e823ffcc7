import type { OpeningShell } from '../../core/shell.ts';
import { connect } from '../storage/connection.ts';
import { createLock } from '../storage/lock.ts';
import { createMemorySession } from '../storage/memory-session.ts';
import { PIN_COST } from '../storage/pin-secret.ts';
import { useVaultSession } from '../storage/session.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { lazyConfirmations } from './lazy-confirmations.ts';
import { phonePairing } from './lazy-services.ts';
import { localPreferences } from './local-preferences.ts';
import { createPageShell } from './page.ts';
import { noteUse } from './page-use.ts';
import { createPasskeys } from './passkeys.ts';
import { webBrowsing } from './web-browsing.ts';
import { createWebInstaller } from './web-installer.ts';
import { createWebNotices } from './web-notices.ts';
import { webReminder } from './web-reminder.ts';
import { type FirstTexts, webTexts } from './web-texts.ts';
import { createWebUpdates } from './web-updates.ts';

/** What may be drawn before all texts are loaded. The build inserts it. */
declare const __WARIFU_FIRST_TEXTS__: FirstTexts;

/** The companion web token: the same page, served by the token service. */
export function createShell(): OpeningShell {
  const installer = createWebInstaller();
  // The browser takes its time; whoever reads the vault gets this one, or the failure.
  connect().catch(() => {});
  const { text, loadAll } = webTexts(navigator.language, __WARIFU_FIRST_TEXTS__);
  const session = createMemorySession(systemClock);
  useVaultSession(session);
  noteUse(session, systemClock);
  const lock = createLock({
    session,
    usePlace: 'page',
    passkeys: createPasskeys(text, systemRandomBytes),
    pinCost: PIN_COST,
    clock: systemClock,
    randomBytes: systemRandomBytes,
  });
  const shell = createPageShell({
    form: 'companion',
    text,
    confirmations: lazyConfirmations(async () => (await loadOwn()).ownConfirmations),
    approvals: {
      decide: (...given) =>
        loadOwn().then(
          ({ approver }) => approver.decide(...given),
          () => UNREACHABLE,
        ),
    },
    lock,
    pairing: phonePairing(async () => (await import('qr/decode.js')).decodeQR),
    reminder: webReminder,
    privateBrowsing: webBrowsing,
    updates: createWebUpdates(),
    installer,
    preferences: localPreferences,
    notices: createWebNotices(async () => (await import('./services.ts')).pushSubscriber),
  });
  return { shell, loadTexts: loadAll };
}

const loadOwn = () => import('./own-confirmations.ts');

/** The browser could not load it. */
const UNREACHABLE = { kind: 'refused', reason: 'unreachable' } as const;
