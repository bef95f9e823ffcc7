import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { Fetch } from './serve.ts';

/** A clock that can be moved, for tests only. Only {@link unsafeTestClock} makes one. */
export interface MovableClock {
  readonly now: Clock;
  move(offsetMs: number): void;
}

/** Made only if `WARIFU_UNSAFE_TEST_CLOCK=1`: whoever moves it decides which codes are good. */
export function unsafeTestClock(): MovableClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    move: (offsetMs) => {
      offset = offsetMs;
    },
  };
}

/** A hundred years either way, so that dates stay readable. */
const offsetSchema = z.strictObject({ offsetMs: z.int().min(-3.2e12).max(3.2e12) });

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

const PATH = '/unsafe-test/clock';

/** Answers `PUT /unsafe-test/clock {"offsetMs": …}` from the same machine, and passes everything else to the application. */
export function withUnsafeTestClock(clock: MovableClock, fetch: Fetch): Fetch {
  const app = new Hono();
  app.put(PATH, async (c) => {
    if (!LOOPBACK.has(getConnInfo(c).remote.address ?? '')) return c.body(null, 403);
    const body = offsetSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json({ error: 'offsetMs must be whole milliseconds' }, 400);
    clock.move(body.data.offsetMs);
    return c.body(null, 204);
  });
  return (request, env) =>
    new URL(request.url).pathname === PATH ? app.fetch(request, env) : fetch(request, env);
}
