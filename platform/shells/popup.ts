import { clockReplySchema } from '../../core/messages/clock.ts';
import { type FillReport, fillReportSchema, type PageRequest } from '../../core/messages/fill.ts';
import type { BankPage, ClockKeeper, PopupShell } from '../../core/ports.ts';
import { institutionFace } from '../faces.ts';
import { native } from '../native.ts';
import { readOffset } from '../storage/offsets.ts';
import { useVaultSession } from '../storage/session.ts';
import { tokenReader } from '../storage/token-reader.ts';
import { watchSession } from '../storage/watch-session.ts';
import { systemClock } from '../system.ts';
import { lazyConfirmations } from './lazy-confirmations.ts';
import { lazySession, loadLock } from './lazy-lock.ts';

/** What the popup works with. It leaves the network to the background, so as to open at once. */
export function createPopupShell(): PopupShell {
  useVaultSession(lazySession);
  return {
    vault: tokenReader,
    clock: systemClock,
    clockKeeper,
    confirmations: lazyConfirmations,
    watchLock: watchSession,
    loadLock,
    text: (key, ...substitutions) => native.i18n.getMessage(key, substitutions),
    institution: institutionFace,
    copy: (text) => navigator.clipboard.writeText(text),
    openTokenPage: async (place) => {
      await native.tabs.create({ url: `${native.runtime.getURL('/token.html')}#${place}` });
    },
    bankPage,
  };
}

const clockKeeper: ClockKeeper = {
  offset: readOffset,
  measure: async (institution) => {
    const reply = await native.runtime.sendMessage({ type: 'clock.measure', institution });
    return clockReplySchema(reply) ? reply : undefined;
  },
};

const bankPage: BankPage = {
  report: () => askPage('page.report'),
  fill: () => askPage('page.fill'),
};

/** Asks the content script of the active tab; where there is none, the tab is not a bank's. */
async function askPage(type: PageRequest['type']): Promise<FillReport | undefined> {
  try {
    const [tab] = await native.tabs.query({ active: true, currentWindow: true });
    if (tab?.id === undefined) return undefined;
    const report = await native.tabs.sendMessage(tab.id, { type });
    return fillReportSchema(report) ? report : undefined;
  } catch {
    return undefined;
  }
}
