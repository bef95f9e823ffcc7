import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import type { PageParts } from '../pages.ts';

const ID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Everything the parts of the extension say to each other. */
const LURES = [
  { type: 'fill.prepare' },
  { type: 'fill.request', screen: 'BLI023', maxLength: 8 },
  { type: 'fill.checked', screen: 'BLI023', check: 'faded' },
  { type: 'fill.wish', tabId: 1 },
  { type: 'page.fill' },
  { type: 'page.report' },
  { type: 'transfer.seen', screen: 'BFT003', text: '確認番号 47' },
  { type: 'confirmations.latest' },
  { type: 'confirmations.watch' },
  { type: 'confirmation.decide', tokenId: ID, decision: 'confirmed', details: '{}' },
  { type: 'confirmation.code', tokenId: ID, details: '{}' },
  { type: 'clock.measure', institution: 'senpoku' },
];

/** A page on which everything is right but that its field is not to be seen. */
const HIDDEN: PageParts = { style: '#outer { opacity: 0 }' };

/** A page like any other. */
const PLAIN: PageParts = {
  screen: '',
  heading: 'ご案内',
  main: '<p>お知らせ</p><button>ログアウト</button>',
  tells: false,
};

const CHANNELS: readonly Attack[] = [
  {
    from: 'plumbing',
    name: 'messages and events in the page, shaped as the extension’s own',
    refusedBy: 'unrecognised: field faded, unanswered',
    yields: 'nothing',
    play: async (arena) => {
      await arena.show(HIDDEN);
      await arena.page.evaluate((lures) => {
        const heard: unknown[] = [];
        Object.assign(globalThis, { heard });
        addEventListener('message', ({ data }) => heard.push(data));
        for (const lure of lures) {
          postMessage(lure, '*');
          postMessage(JSON.stringify(lure), '*');
          for (const target of [window, document, document.documentElement]) {
            target.dispatchEvent(new CustomEvent(lure.type, { detail: lure, bubbles: true }));
            target.dispatchEvent(new MessageEvent('message', { data: lure }));
          }
          for (const name of ['warifu', lure.type]) new BroadcastChannel(name).postMessage(lure);
        }
      }, LURES);
      const outcome = await arena.outcome();
      const heard = await arena.page.evaluate(() => Reflect.get(globalThis, 'heard').length);
      // Its own, no others: two by postMessage, one dispatched on the window.
      return `${outcome}, ${heard === LURES.length * 3 ? 'unanswered' : `heard ${heard}`}`;
    },
  },
  ...(['the bank’s page', 'a foreign page'] as const).map(
    (place): Attack => ({
      from: 'plumbing',
      name: `runtime messages from ${place}, to the extension’s id`,
      refusedBy: 'no channel',
      yields: 'nothing',
      play: async (arena) => {
        await arena.show(HIDDEN, place === 'a foreign page' ? arena.attacker.url('/lure') : undefined);
        return arena.page.evaluate(
          async (lures, id) => {
            type Runtime = { sendMessage?(id: string, message: unknown): Promise<unknown> };
            const { chrome, browser } = globalThis as unknown as Record<string, { runtime?: Runtime }>;
            const runtime = browser?.runtime ?? chrome?.runtime;
            if (runtime?.sendMessage === undefined) return 'no channel';
            for (const lure of lures) {
              const answer = await runtime.sendMessage(id, lure).catch(() => undefined);
              if (answer !== undefined) return `answered ${lure.type}`;
            }
            return 'no answer';
          },
          LURES,
          new URL(arena.extensionBase).host,
        );
      },
    }),
  ),
  {
    from: 'plumbing',
    name: 'a content script taken over: messages for the extension’s own pages, and its storage',
    refusedBy: 'no answer, nothing stored in reach',
    yields: 'nothing',
    notIn: {
      browser: 'firefox',
      because: 'no way into its content scripts; see platform/messaging/gate.test.ts',
    },
    play: async (arena) => {
      await arena.show(HIDDEN);
      await arena.settled();
      const found = await inContentScript(
        arena,
        `(async () => {
          const answers = [];
          for (const lure of ${JSON.stringify(LURES.filter(({ type }) => /^(confirm|clock|page|fill.wish)/.test(type)))}) {
            answers.push(await chrome.runtime.sendMessage(lure).catch(() => undefined));
          }
          const denied = (reading) => reading.then((kept) => Object.keys(kept).length === 0, () => true);
          return JSON.stringify({
            answers: answers.filter((answer) => answer != null).length,
            databases: (await indexedDB.databases()).length,
            session: await denied(chrome.storage.session.get(null)),
            local: await denied(chrome.storage.local.get(null)),
          });
        })()`,
      );
      const nothing = JSON.stringify({ answers: 0, databases: 0, session: true, local: true });
      return found === nothing ? 'no answer, nothing stored in reach' : `found ${found}`;
    },
  },
];

/** Evaluates in the world of the content script, as one who has broken out of the page's could. */
async function inContentScript({ page, extensionBase }: Arena, expression: string): Promise<unknown> {
  const session = await page.createCDPSession();
  const worlds: { id: number; origin: string }[] = [];
  session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
  await session.send('Runtime.enable');
  const world = worlds.find(({ origin }) => `${origin}/` === extensionBase);
  if (world === undefined) throw new Error('no content script');
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    contextId: world.id,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return result.value;
}

const TRACES: readonly Attack[] = [
  ...(['the bank’s page', 'a foreign page'] as const).map(
    (place): Attack => ({
      from: 'plumbing',
      name: `files of the extension asked for by ${place}`,
      refusedBy: 'none to be had',
      yields: 'nothing',
      play: async (arena) => {
        await arena.show(PLAIN, place === 'a foreign page' ? arena.attacker.url('/files') : undefined);
        const had = await arena.page.evaluate(
          async (base, files) => {
            const load = (element: HTMLElement) =>
              new Promise<boolean>((resolve) => {
                element.onload = () => resolve(true);
                element.onerror = () => resolve(false);
                document.body.append(element);
              });
            const ways: ((url: string) => Promise<boolean>)[] = [
              (url) =>
                fetch(url, { mode: 'no-cors' }).then(
                  () => true,
                  () => false,
                ),
              (url) => load(Object.assign(new Image(), { src: url })),
              (url) => load(Object.assign(document.createElement('script'), { src: url })),
              (url) => load(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url })),
            ];
            const tries = files.flatMap((file) =>
              ways.map(async (way) => ((await way(base + file)) ? [file] : [])),
            );
            return (await Promise.all(tries)).flat();
          },
          arena.extensionBase,
          arena.files,
        );
        return had.length === 0 ? 'none to be had' : `had ${had.join(' ')}`;
      },
    }),
  ),
  ...(['popup.html', 'token.html'] as const).map(
    (file): Attack => ({
      from: 'plumbing',
      name: `${file} of the extension in a frame, under the customer’s clicks`,
      refusedBy: 'not shown',
      yields: 'nothing',
      play: async (arena) => {
        const later = arena.attacker.url('/later');
        arena.attacker.serve('/later', '<!DOCTYPE html><p>お知らせ</p>');
        await arena.show({ ...PLAIN, after: '<iframe width="400" height="600"></iframe><iframe></iframe>' });
        await arena.page.evaluate(
          async (url, after) => {
            const [frame, second] = document.querySelectorAll('iframe');
            if (frame === undefined || second === undefined) return;
            // Firefox tells nothing of a frame it keeps empty: what was to come began to come before the second one did.
            const over = new Promise((resolve) => {
              frame.onload = resolve;
              second.onload = resolve;
            });
            frame.src = url;
            second.src = after;
            await over;
          },
          arena.extensionBase + file,
          later,
        );
        const drawn = await Promise.all(
          arena.page
            .frames()
            .map(
              async (frame) =>
                frame.url().startsWith(arena.extensionBase) ||
                (await frame.evaluate(() => document.querySelector('#app') !== null).catch(() => false)),
            ),
        );
        return drawn.some(Boolean) ? 'shown' : 'not shown';
      },
    }),
  ),
  {
    from: 'plumbing',
    name: 'a page of the extension opened by a page, in a window and in its own place',
    refusedBy: 'not opened',
    yields: 'nothing',
    play: async (arena) => {
      await arena.show(PLAIN);
      const { browser } = arena.stage.browser;
      const before = (await browser.pages()).filter((page) =>
        page.url().startsWith(arena.extensionBase),
      ).length;
      await arena.page.evaluate((url) => {
        const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
        document.body.append(link);
        for (const open of [() => window.open(url), () => link.click(), () => location.assign(url)]) {
          try {
            open();
          } catch {
            // Firefox says no at once.
          }
        }
      }, `${arena.extensionBase}token.html#confirm`);
      // Whatever was to be opened began to open before this.
      const later = await browser.newPage();
      await later.goto(arena.attacker.url('/later'));
      await later.close();
      const after = (await browser.pages()).filter((page) =>
        page.url().startsWith(arena.extensionBase),
      ).length;
      for (const page of await browser.pages()) {
        if (page !== arena.page && /^(about:blank|chrome-error:)/.test(page.url())) await page.close();
      }
      await arena.page.bringToFront();
      return after === before ? 'not opened' : 'opened';
    },
  },
  {
    from: 'plumbing',
    name: 'fingerprinting: a page of the bank’s compared with one that no extension is on',
    refusedBy: 'no difference',
    yields: 'nothing',
    play: async (arena) => {
      const looks: string[][] = [];
      for (const url of [arena.bankUrl('/ib/plain'), arena.attacker.url('/plain')]) {
        await arena.show(PLAIN, url);
        await arena.settled();
        looks.push(
          await arena.page.evaluate(() => [
            ...Object.getOwnPropertyNames(window).map((name) => `window.${name}`),
            ...Object.getOwnPropertyNames(document).map((name) => `document.${name}`),
            ...performance
              .getEntriesByType('resource')
              .map(({ name }) => name)
              .filter((name) => !name.endsWith('/favicon.ico')),
            document.documentElement.outerHTML,
            `${document.styleSheets.length + document.adoptedStyleSheets.length} style sheets`,
            `${frames.length} frames`,
          ]),
        );
      }
      const [here = [], elsewhere = []] = looks;
      const differing = here.filter((look) => !elsewhere.includes(look));
      return differing.length === 0 ? 'no difference' : `a difference: ${differing.join(' ')}`;
    },
  },
  {
    from: 'plumbing',
    name: 'storage of the page: whatever the extension may have left there',
    refusedBy: 'filled, nothing left',
    yields: 'one code',
    play: async (arena) => {
      const outcome = await arena.play({ tells: false });
      const left = await arena.page.evaluate(async () =>
        [
          localStorage.length,
          sessionStorage.length,
          (await indexedDB.databases()).length,
          (await caches.keys()).length,
          (await navigator.serviceWorker.getRegistrations()).length,
          history.state === null ? 0 : 1,
          window.name.length,
        ].join(''),
      );
      return `${outcome}, ${left === '0000000' ? 'nothing left' : `left ${left}`}`;
    },
  },
];

const ENDS_BY_ITSELF = {
  browser: 'firefox',
  because: 'it ends its background pages by itself and cannot be told to',
} as const;

const KILLED: readonly Attack[] = [
  {
    from: 'plumbing',
    name: 'the worker killed between its decision and its answer',
    // It is asked once more, and of the step there is one code at the most.
    refusedBy: ['filled', 'waiting'],
    yields: 'one code',
    notIn: ENDS_BY_ITSELF,
    play: (arena) => arena.between({}, () => arena.killBackground()),
  },
  {
    from: 'plumbing',
    name: 'the worker killed at any moment of one page after another, for a code twice',
    refusedBy: ['waiting', 'filled'],
    yields: 'one code',
    notIn: ENDS_BY_ITSELF,
    play: async (arena) => {
      for (const killAfterReads of [0, 1, 2, 3, 5, 8]) {
        await arena.wake();
        await arena.show({});
        // Reads of the page, not milliseconds: each is a round trip to the browser.
        for (let read = 0; read < killAfterReads; read += 1)
          await arena.page.evaluate(() => document.readyState);
        // A page that is there asks once more, and has the worker back before it has ended.
        await arena.page.goto('about:blank');
        await arena.killBackground();
      }
      await arena.show({});
      return arena.settled();
    },
  },
];

export const PLUMBING: readonly Attack[] = [...CHANNELS, ...TRACES, ...KILLED];
