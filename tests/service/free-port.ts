import { createServer } from 'node:net';

/**
 * A port nobody listens on at the moment. Apart from postgres.ts: the library there ends a process that loaded it with
 * exit code 0, whatever happened, and the test runner itself needs ports.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
