/** What the browser shows and keeps. */
export const browser = {
  kept: {} as Record<string, unknown>,
  badge: '',
  notices: new Map<string, { title: string; message: string }>(),
  shown: [] as string[],
  alarm: undefined as number | undefined,
  told: 0,
  opensPopup: true,
  tabs: [] as string[],
};

/** The module that a test puts in place of `platform/browser.ts`. */
export const fakeBrowser = {
  browser: {
    runtime: {
      id: 'warifu',
      getURL: (path: string) => `chrome-extension://warifu${path}`,
      sendMessage: async () => {
        browser.told += 1;
      },
    },
    i18n: { getMessage: (key: string) => key },
    storage: {
      session: {
        // Copies, as the browser makes them.
        get: async (key: string | null) =>
          structuredClone(key === null ? browser.kept : { [key]: browser.kept[key] }),
        set: async (items: Record<string, unknown>) => {
          Object.assign(browser.kept, structuredClone(items));
        },
        remove: async (keys: string | readonly string[]) => {
          for (const key of [keys].flat()) delete browser.kept[String(key)];
        },
      },
    },
    action: {
      setBadgeBackgroundColor: async () => undefined,
      setBadgeText: async ({ text, tabId }: { text: string; tabId?: number }) => {
        if (tabId === undefined) browser.badge = text;
      },
      openPopup: async () => {
        if (!browser.opensPopup) throw new Error('no window');
      },
    },
    notifications: {
      create: async (id: string, { title, message }: { title: string; message: string }) => {
        browser.shown.push(id);
        browser.notices.set(id, { title, message });
      },
      clear: async (id: string) => browser.notices.delete(id),
    },
    alarms: {
      create: (_name: string, { when }: { when: number }) => {
        browser.alarm = when;
      },
      clear: async () => {
        browser.alarm = undefined;
      },
    },
    tabs: {
      create: async ({ url }: { url: string }) => {
        browser.tabs.push(url);
      },
    },
  },
};

export function resetBrowser(): void {
  Object.assign(browser, {
    kept: {},
    badge: '',
    shown: [],
    alarm: undefined,
    told: 0,
    opensPopup: true,
    tabs: [],
  });
  browser.notices.clear();
}
