import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

/** Where `*.localhost` leads, in every browser and resolver. */
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Listens on the loopback, IPv6 too where the machine has it.
 * @returns takes no more requests and resolves when those under way are answered
 */
export async function listenOnLoopback(fetch: Fetch, port: number): Promise<() => Promise<void>> {
  const servers: Server[] = [];
  for (const host of LOOPBACK) {
    const server = createAdaptorServer({ fetch, hostname: host }) as Server;
    try {
      await listen(server, host, port);
      servers.push(server);
    } catch (error) {
      // No IPv6 is no failure; a port in use is.
      if (host === '::1' && codeOf(error) !== 'EADDRINUSE') continue;
      await Promise.all(servers.map(close));
      throw error;
    }
  }
  return async () => {
    await Promise.all(servers.map(close));
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Longer than any request of ours takes; a client that never ends its own is cut off then. */
const CLOSE_WITHIN_MS = 15_000;

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS).unref();
  });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
