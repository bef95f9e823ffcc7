import { browser } from '../../platform/browser.ts';
import { documentsShown, injectEverywhere } from '../../platform/content-scripts.ts';
import { watchSession } from '../../platform/storage/watch-session.ts';
import { LOOK_ALARM } from './auto-lock.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import { FILL_COMMAND, fillActivePage } from './fill-command.ts';
import { injectOnce } from './inject-once.ts';
import type { Parts } from './parts.ts';
import { REPORT_ALARM } from './refused-fills.ts';
import { EXPIRY_ALARM, openNotice } from './waiting.ts';

// One that waits in the back/forward cache would still let scripts in.
const isShown: IsShown = async ({ tabId, documentId }) =>
  documentId !== undefined && (await documentsShown(tabId)).includes(documentId);

/** Follows what the browser tells: alarms, idleness, tabs, starts, permissions, keys and notices. */
export function listenToBrowser({
  approvals,
  autoLock,
  desk,
  filledScreens,
  grants,
  memory,
  refusedFills,
  signingPages,
  waiting,
}: Parts): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === EXPIRY_ALARM) void waiting.expire();
    if (name === LOOK_ALARM) void autoLock.look();
    if (name === REPORT_ALARM) void refusedFills.wake();
  });
  browser.idle.onStateChanged.addListener((presence) => void autoLock.hear(presence));
  watchSession(() => void autoLock.follow());
  // the browser forgets the interval when the worker ends
  void autoLock.follow();
  const leave = (tabId: number, isShown: IsShown) =>
    Promise.all([
      grants.forget(tabId, isShown),
      approvals.withdraw(tabId, isShown),
      signingPages.forget(tabId, isShown),
    ]);
  browser.tabs.onRemoved.addListener(
    (tabId) => void Promise.all([desk.closed(tabId), leave(tabId, shownNoMore)]),
  );
  // The next page in the tab tells of itself, and one that only changed its address is there still.
  browser.tabs.onUpdated.addListener((tabId, { status, url }) => {
    if (status === 'loading') void grants.unbind(tabId);
    if (status || url) void Promise.all([desk.left(tabId, isShown), leave(tabId, isShown)]);
  });
  browser.tabs.onRemoved.addListener((tabId) => void filledScreens.forget(tabId));
  browser.runtime.onStartup.addListener(() => void filledScreens.forgetAll());
  browser.runtime.onStartup.addListener(() => void refusedFills.wake());
  browser.permissions.onAdded.addListener(() => void injectEverywhere());
  void injectOnce(memory('content-scripts'));
  browser.commands.onCommand.addListener((command) => {
    if (command === FILL_COMMAND) void fillActivePage(grants);
  });
  browser.notifications.onClicked.addListener((notice) => void openNotice(notice));
}
