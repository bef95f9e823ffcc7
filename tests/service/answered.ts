import { setTimeout as pause } from 'node:timers/promises';

const MOST_TRIES = 2_000;

/**
 * Sends a request until the service is not too busy to answer it. A node that has fallen behind refuses without waiting for
 * anything: between two tries the event loop must get to what it is behind with.
 * @throws Error naming the request if the service stays busy
 */
export async function answered(request: string, send: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const response = await send();
    if (response.status !== 503) return response;
    await pause(5);
  }
  throw new Error(`${request} was refused as too busy ${MOST_TRIES} times`);
}
