import type { PageHelp, Shortcut } from '../../core/autofill/bank-page.ts';
import { hostAccess } from '../host-access.ts';
import { native } from '../native.ts';
import { reloadPage } from './bank-page.ts';

/** The manifest's only command. */
const COMMAND = 'fill';

export const shortcut: Shortcut = {
  async keys() {
    const commands = await native.commands.getAll();
    return commands.find(({ name }) => name === COMMAND)?.shortcut || undefined;
  },
  async open() {
    // Chromium has a page for it; extensions cannot open Firefox's page.
    const { commands } = native as { commands: Partial<typeof native.commands> };
    if (commands.openShortcutSettings) await commands.openShortcutSettings();
    else await native.tabs.create({ url: 'chrome://extensions/shortcuts' });
  },
};

export const pageHelp: PageHelp = {
  access: hostAccess,
  version: native.runtime.getManifest().version,
  browser: navigator.userAgent,
  shortcut,
  reload: reloadPage,
};
