import type { BankPage } from '../../core/autofill/bank-page.ts';
import type { PopupShell } from '../../core/shell.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import { institutionFace } from '../faces.ts';
import { native } from '../native.ts';
import { recovered } from '../storage/connection.ts';
import { readOffset } from '../storage/offset-reader.ts';
import { useVaultSession } from '../storage/session.ts';
import { tokenReader } from '../storage/token-reader.ts';
import { watchSession } from '../storage/watch-session.ts';
import { systemClock } from '../system.ts';
import { backgroundConfirmations } from './background-confirmations.ts';
import { lazySession, loadLock } from './lazy-lock.ts';

/** The ports of the popup. It leaves the network to the background, so that it opens at once. */
export function createPopupShell(): PopupShell {
  useVaultSession(lazySession);
  return {
    vault: tokenReader,
    storageRecovered: recovered,
    clock: systemClock,
    clockKeeper,
    confirmations: backgroundConfirmations,
    watchLock: watchSession,
    loadLock,
    text: (key, ...substitutions) => native.i18n.getMessage(key, substitutions),
    institution: institutionFace,
    copy: (text) => navigator.clipboard.writeText(text),
    openTokenPage: async (place) => {
      await native.tabs.create({ url: `${native.runtime.getURL('/token.html')}#${place}` });
    },
    bankPage,
    loadPageHelp: () => import('./page-help.ts').then((script) => script.pageHelp),
    privateBrowsing: () => import('./extension-browsing.ts').then((script) => script.extensionBrowsing()),
    loadTraces: () => import('./traces.ts').then((script) => script.readTraces()),
  };
}

const clockKeeper: ClockKeeper = {
  offset: readOffset,
  measure: (institution) => import('./asked-clock.ts').then((script) => script.askedClock(institution)),
};

/** The page behind the popup. Its script is loaded in parallel with the first drawing. */
let loaded: Promise<BankPage> | undefined;
const load = () => {
  loaded ??= import('./bank-page.ts').then((script) => script.bankPage);
  return loaded;
};
const bankPage: BankPage = {
  report: async () => (await load()).report(),
  fill: async () => (await load()).fill(),
  cancel: async () => (await load()).cancel(),
};
