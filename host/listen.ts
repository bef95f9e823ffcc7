import type { Server } from 'node:http';

/** The addresses to which browsers and resolvers resolve `*.localhost`. */
export const LOOPBACK = ['127.0.0.1', '::1'] as const;

/**
 * Listens on every address; on the loopback of IPv6 only if the machine has it.
 * @param servers one for each address
 */
export async function listenOn(
  servers: readonly Server[],
  hosts: readonly string[],
  port: number,
): Promise<void> {
  for (const [place, host] of hosts.entries()) {
    const server = servers[place];
    try {
      if (server !== undefined) await listen(server, host, port);
    } catch (error) {
      // A machine without IPv6 is fine; a port in use is an error.
      if (host === '::1' && codeOf(error) !== 'EADDRINUSE') continue;
      await closeServers(servers);
      throw error;
    }
  }
}

/** @throws Error with the code EADDRINUSE if the port is in use */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Longer than any request takes. Clients that are still sending then are cut off. */
const CLOSE_WITHIN_MS = 15_000;

/** How often connections are closed that became idle with their last answer: Node keeps them for the next request. */
const IDLE_CHECK_MS = 50;

/** Takes no more requests, and resolves when the open ones are answered. */
export async function closeServers(
  servers: readonly Server[],
  withinMs: number = CLOSE_WITHIN_MS,
): Promise<void> {
  await Promise.all(servers.filter(({ listening }) => listening).map((server) => close(server, withinMs)));
}

function close(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const closingIdle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cuttingOff = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearInterval(closingIdle);
      clearTimeout(cuttingOff);
      resolve();
    });
  });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
