import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Client } from 'pg';
import { createTestToken, type TestToken } from '../test-token.ts';
import type { Target } from './load.ts';

/** Many connections, each with one request that was sent and is left alone. */
export interface Flood {
  /** HTTP statuses, and how many connections had each; 0 is for those closed without one, `open` for those that wait. */
  tally(): Record<string, number>;
  /** Resolves when as many connections as this have received a text, in capitals or not. */
  received(text: string, count: number): Promise<void>;
  /** How many connections have received a text. */
  count(text: string): number;
  end(): void;
}

interface Sent {
  readonly socket: Socket;
  status: number | undefined;
  closed: boolean;
  text: string;
}

/** Fewer than a node refuses because it is behind with them. */
const AT_ONCE = 50;

interface Pace {
  /** Whether some are answered before the next are sent. */
  readonly isSteady?: boolean;
}

/** Opens connections and sends each its request. @param requestOf what the connection of this number sends */
export async function flood(
  port: number,
  count: number,
  requestOf: (place: number) => string | Promise<string>,
  { isSteady = false }: Pace = {},
): Promise<Flood> {
  const all: Sent[] = [];
  const listening = new Set<() => void>();
  const changed = () => {
    for (const look of listening) look();
  };
  const when = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return;
        listening.delete(look);
        resolve();
      };
      listening.add(look);
      look();
    });
  const open = (request: string) =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const sent: Sent = { socket, status: undefined, closed: false, text: '' };
      all.push(sent);
      socket.setEncoding('latin1');
      socket.once('connect', () => {
        socket.write(request);
        resolve();
      });
      socket.on('data', (text) => {
        sent.status ??= Number(String(text).slice(9, 12));
        sent.text = (sent.text + String(text).toLowerCase()).slice(-2_000);
        changed();
      });
      socket.on('error', () => {});
      socket.once('close', () => {
        sent.closed = true;
        changed();
        resolve();
      });
    });
  for (let first = 0; first < count; first += AT_ONCE) {
    const places = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, place) => first + place);
    const requests = await Promise.all(places.map(requestOf));
    await Promise.all(requests.map(open));
    if (isSteady) await when(() => all.every(({ status, closed }) => status !== undefined || closed));
  }
  const heard = (text: string) => all.filter((sent) => sent.text.includes(text.toLowerCase())).length;
  return {
    tally: () => {
      const counts: Record<string, number> = {};
      for (const { status, closed } of all) {
        const name = String(status ?? (closed ? 0 : 'open'));
        counts[name] = (counts[name] ?? 0) + 1;
      }
      return counts;
    },
    count: heard,
    received: (text, least) => when(() => heard(text) >= least),
    end: () => {
      for (const { socket } of all) socket.destroy();
    },
  };
}

/** Requests that say they have a body of 100 bytes and send one. */
export const unfinishedPosts = ({ port }: Target, count: number) =>
  flood(
    port,
    count,
    () =>
      `POST /v1/enrolments HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  );

/** Requests that wait for a confirmation to change which does not. */
export const longPolls = ({ port, apiKey }: Target, { userId, confirmationId }: Asked, count: number) =>
  flood(
    port,
    count,
    () =>
      `GET /v1/tokens/${userId}/confirmations/${confirmationId}?unless=waiting&wait=25 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`,
  );

/** Event streams of enrolled tokens, as many of each as a node lets it have. */
export async function eventStreams(
  { port }: Pick<Target, 'port'>,
  tokens: readonly TestToken[],
  count: number,
  { origin = `http://token.localhost:${port}`, ...pace }: Pace & { readonly origin?: string } = {},
): Promise<Flood> {
  const url = `${origin}/v1/events`;
  const requestOf = async (place: number) => {
    const proof = await tokens[place % tokens.length]?.proof({ method: 'POST', url, timeMs: Date.now() });
    const body = JSON.stringify({ proofs: [proof] });
    return `POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  return flood(port, count, requestOf, pace);
}

/** A customer's token that was asked to confirm something. */
export interface Asked {
  readonly userId: string;
  readonly tokenId: string;
  readonly confirmationId: string;
}

/** Tokens in use, written straight into the database; the first was asked something. */
export async function enrolledTokens(
  databaseUrl: string,
  count: number,
): Promise<{
  readonly tokens: readonly TestToken[];
  readonly tokenIds: readonly string[];
  readonly asked: Asked;
}> {
  const tokens = await Promise.all(Array.from({ length: count }, createTestToken));
  const rows = tokens.map(({ jkt }, place) => ({
    id: randomBytes(16).toString('base64url'),
    user_id: String(200_000_000_000 + place),
    jkt,
  }));
  const asked = {
    userId: rows[0]?.user_id ?? '',
    tokenId: rows[0]?.id ?? '',
    confirmationId: randomBytes(16).toString('base64url'),
  };
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into tokens (id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode,
       issued_at, enrol_by, expires_at)
     select id, 'senpoku', user_id, 'active', 'software', 'SHA-256', 8, 60, 'approve',
       now(), now(), now() + interval '1 year'
     from jsonb_to_recordset($1::jsonb) as t(id text, user_id text)`,
    [JSON.stringify(rows)],
  );
  await client.query(
    `insert into devices (id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at)
     select id, id, jkt, '{}', true, true, true, now() from jsonb_to_recordset($1::jsonb) as t(id text, jkt text)`,
    [JSON.stringify(rows)],
  );
  await client.query(
    `insert into confirmations (id, institution, token_id, number, mode, details, status, expires_at)
     values ($1, 'senpoku', $2, '11', 'approve', $3, 'waiting', now() + interval '5 minutes')`,
    [asked.confirmationId, asked.tokenId, JSON.stringify(DETAILS)],
  );
  await client.end();
  return { tokens, tokenIds: rows.map(({ id }) => id), asked };
}

/** Notifies a token as a change of its confirmation does. @returns when, in milliseconds of `performance.now()` */
export async function wake(databaseUrl: string, id: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const at = performance.now();
  await client.query(`select pg_notify('warifu', $1)`, [id]);
  await client.end();
  return at;
}

const DETAILS = {
  transaction: {
    type: 'transfer',
    bank: { code: '9911', name: '見本銀行' },
    branch: { code: '001', name: '本店営業部' },
    accountType: 'ordinary',
    accountNumber: '1234567',
    payee: 'ミホン タロウ',
    amount: 150_000,
  },
};
