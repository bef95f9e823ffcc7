import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt } from 'http_ece';
import { type PushMessage, type PushSubscription, pushMessageSchema } from '../../core/api/push.ts';

/** A message as a push service gets it. */
export interface Pushed {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** The answer waits for it. */
  readonly after?: Promise<unknown>;
}

export type PushServer = Awaited<ReturnType<typeof startPushServer>>;

/** A push service (RFC 8030) that keeps what it gets. @param hand has it handed on */
export async function startPushServer(hand: (pushed: Pushed) => void = () => {}) {
  const pushed: Pushed[] = [];
  /** Statuses for the next messages; 201 when the list is empty. */
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
    pushed.push(one);
    hand(one);
    const { status, headers, after } = answers.shift() ?? { status: 201 };
    server.emit('pushed');
    await after;
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** The name that events have for it. */
    name: `127.0.0.1:${port}`,
    pushed,
    answers,
    /** Resolves when so many messages have come. */
    has: async (count: number) => {
      while (pushed.length < count) await once(server, 'pushed');
    },
    close: () => server.close(),
  };
}

/** A subscription as a browser makes it, with the keys that open what comes. */
export function testSubscription(endpoint: string) {
  const keys = createECDH('prime256v1');
  const auth = randomBytes(16).toString('base64url');
  const subscription: PushSubscription = {
    endpoint,
    keys: { p256dh: keys.generateKeys('base64url'), auth },
  };
  return {
    subscription,
    read: ({ body }: Pushed): PushMessage => {
      const plain = decrypt(body, { version: 'aes128gcm', privateKey: keys, authSecret: auth });
      return pushMessageSchema.parse(JSON.parse(plain.toString()));
    },
  };
}
