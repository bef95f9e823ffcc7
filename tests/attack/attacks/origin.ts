import type { Arena } from '../arena.ts';
import type { Attack, Conditions } from '../attack.ts';
import { bankPage, type PageParts } from '../pages.ts';

/** The bank's page to the letter, at another address. */
const at = (
  name: string,
  address: (arena: Arena) => string,
  refusedBy: Attack['refusedBy'] = 'no content script',
): Attack => ({
  from: 'origin',
  name,
  refusedBy,
  yields: 'nothing',
  play: (arena) => arena.play({}, address(arena)),
});

const onHost = (host: string) => (arena: Arena) => {
  const url = new URL(arena.bankUrl());
  return `http://${host}:${url.port}${url.pathname}`;
};

const LOOKALIKES: readonly Attack[] = [
  at('lookalike: the bank’s name before another', onHost('senpoku.localhost.evil.localhost')),
  at('lookalike: a hyphen for the dot', onHost('senpoku-localhost.localhost')),
  at('lookalike: a Cyrillic letter', onHost('ѕenpoku.localhost')),
  at('lookalike: one letter more', onHost('senpokuu.localhost')),
  at('a subdomain of the bank’s', onHost('evil.senpoku.localhost')),
  at('a sibling subdomain', onHost('nobody.localhost')),
  at('the domain above', onHost('localhost')),
  at('the token service’s own host', onHost('token.localhost')),
  at('the bank’s address as a number', onHost('127.0.0.1')),
  at('a dot after the name', onHost('senpoku.localhost.'), {
    // Chromium's match patterns forgive the dot, its origins do not.
    chromium: 'refused: sender-origin',
    firefox: 'no content script',
  }),
  at('the bank as user name and password', (arena) => {
    const { port } = new URL(arena.bankUrl());
    return `http://senpoku.localhost:${port}@evil.localhost:${arena.attacker.port}/ib/index.do`;
  }),
  at(
    'another port of the bank’s host',
    ({ attacker }) => attacker.url('/ib/index.do', 'senpoku.localhost'),
    'refused: sender-origin',
  ),
  at('https where the directory says http', (arena) => arena.bankUrl().replace('http:', 'https:')),
];

/** A page of the bank's with everything but the field, which is in a frame. */
const around = (frame: string): PageParts => ({ main: frame });

const escaped = (html: string) => html.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Opens a page whose first frame holds the bank's page, and waits until the field is there. */
const framed = (name: string, open: (arena: Arena) => Promise<void>, refusedBy: Conditions): Attack => ({
  from: 'origin',
  name,
  refusedBy,
  yields: 'nothing',
  play: async (arena) => {
    await open(arena);
    await arena.until(async () => arena.page.frames().length > 1, 'the frame');
    const [, frame] = arena.page.frames();
    if (frame !== undefined) await arena.wait(() => document.getElementById('code') !== null, frame);
    return arena.outcome();
  },
});

const inBank = (name: string, frame: (arena: Arena) => string): Attack =>
  framed(name, (arena) => arena.show(around(frame(arena))), 'unrecognised: field');

const SIZE = 'width="900" height="400"';

const FRAMES: readonly Attack[] = [
  framed(
    'the bank in a frame of a foreign page',
    async (arena) => {
      const frame = arena.bankUrl('/ib/framed');
      arena.standIn.put(frame, { html: bankPage({}, arena.attacker) });
      arena.attacker.serve(
        '/around',
        bankPage({ main: `<iframe ${SIZE} src="${frame}"></iframe>` }, arena.attacker),
      );
      await arena.page.goto(arena.attacker.url('/around'));
    },
    'no content script',
  ),
  inBank('a foreign page in a frame of the bank', (arena) => {
    arena.attacker.serve('/ib', bankPage({}, arena.attacker));
    return `<iframe ${SIZE} src="${arena.attacker.url('/ib')}"></iframe>`;
  }),
  inBank('the bank in a frame of its own', (arena) => {
    arena.standIn.put(arena.bankUrl('/ib/framed'), { html: bankPage({}, arena.attacker) });
    return `<iframe ${SIZE} src="/ib/framed"></iframe>`;
  }),
  inBank(
    'a frame by srcdoc',
    ({ attacker }) => `<iframe ${SIZE} srcdoc="${escaped(bankPage({}, attacker))}"></iframe>`,
  ),
  inBank(
    'a sandboxed frame',
    ({ attacker }) =>
      `<iframe ${SIZE} sandbox="allow-scripts allow-forms" srcdoc="${escaped(bankPage({}, attacker))}"></iframe>`,
  ),
  inBank(
    'a frame of data',
    ({ attacker }) =>
      `<iframe ${SIZE} src="data:text/html;charset=utf-8,${encodeURIComponent(bankPage({}, attacker))}"></iframe>`,
  ),
  inBank('an about:blank frame that the page writes', ({ attacker }) => {
    const html = JSON.stringify(bankPage({}, attacker)).replaceAll('<', '\\u003c');
    return `<iframe id="blank" ${SIZE} src="about:blank"></iframe><script>
      const frame = document.getElementById('blank').contentDocument;
      frame.open(); frame.write(${html}); frame.close();</script>`;
  }),
  inBank('a frame of a blob', ({ attacker }) => {
    const html = JSON.stringify(bankPage({}, attacker)).replaceAll('<', '\\u003c');
    return `<iframe id="blob" ${SIZE}></iframe><script>
      document.getElementById('blob').src = URL.createObjectURL(new Blob([${html}], { type: 'text/html' }));</script>`;
  }),
  {
    from: 'origin',
    name: 'a foreign frame laid over the bank’s field',
    refusedBy: 'unrecognised: field covered',
    yields: 'nothing',
    play: async (arena) => {
      arena.attacker.serve('/over', bankPage({}, arena.attacker));
      return arena.play({
        style: 'iframe { position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }',
        after: `<iframe src="${arena.attacker.url('/over')}"></iframe>`,
      });
    },
  },
];

const DOCUMENTS: readonly Attack[] = [
  {
    from: 'origin',
    name: 'a document that its own policy puts into a sandbox',
    refusedBy: 'refused: sender-origin',
    yields: 'nothing',
    play: (arena) =>
      arena.play({}, undefined, {
        'Content-Security-Policy': 'sandbox allow-scripts allow-forms allow-popups',
      }),
  },
  {
    from: 'origin',
    name: 'a window that the bank’s page opens empty and writes',
    refusedBy: 'unrecognised: screen',
    yields: 'nothing',
    play: async (arena) => {
      await arena.show({ screen: '', heading: 'ご案内' });
      const opened = new Promise<void>((resolve) => arena.page.once('popup', () => resolve()));
      await arena.page.evaluate(
        (html) => {
          const written = window.open('about:blank');
          written?.document.open();
          written?.document.write(html);
          written?.document.close();
          Object.assign(globalThis, { written });
        },
        bankPage({}, arena.attacker),
      );
      await opened;
      const outcome = await arena.outcome();
      await arena.expectNothing();
      await arena.page.evaluate(() => Reflect.get(globalThis, 'written').close());
      return outcome;
    },
  },
];

/** Goes elsewhere between the background's decision and its answer. */
const leaving = (name: string, to: (arena: Arena) => string, refusedBy: Conditions): Attack => ({
  from: 'origin',
  name: `between match and fill: ${name}`,
  refusedBy,
  yields: 'nothing',
  play: (arena) =>
    arena.between({}, async () => {
      const gone = arena.page.waitForNavigation({ waitUntil: 'domcontentloaded' });
      await arena.page.evaluate((url) => location.assign(url), to(arena));
      await gone;
    }),
});

const LEAVING: readonly Attack[] = [
  leaving(
    'the page goes to a foreign one that looks the same',
    ({ attacker }) => {
      attacker.serve('/next', bankPage({}, attacker));
      return attacker.url('/next');
    },
    'no content script',
  ),
  leaving(
    'the page goes to another of the bank’s, with decoys',
    (arena) => {
      const decoy = { heading: 'お問い合わせ', screen: '', label: 'お名前' };
      arena.standIn.put(arena.bankUrl('/ib/decoy'), { html: bankPage(decoy, arena.attacker) });
      return arena.bankUrl('/ib/decoy');
    },
    'unrecognised: screen',
  ),
  leaving('the page loads itself again', (arena) => arena.bankUrl(), 'waiting'),
];

export const ORIGIN: readonly Attack[] = [...LOOKALIKES, ...FRAMES, ...DOCUMENTS, ...LEAVING];
