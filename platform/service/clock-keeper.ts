import { base64url } from 'jose';
import { JWT_TYPES, timeResponseSchema, timeSchema } from '../../core/api/token.ts';
import type { Clock } from '../../core/clock.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type { ClockKeeper, ClockOffset } from '../../core/vault/clock.ts';
import { offsetFrom } from '../../core/vault/clock-measurement.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { institutionByKey } from '../directory.ts';
import { readOffset } from '../storage/offset-reader.ts';
import { keepOffset } from '../storage/offsets.ts';
import { readSigned } from './messages.ts';

const TIMEOUT_MS = 5_000;

/** If the clock moved this much more or less than the elapsed time, somebody set it during the measurement. */
const SET_BY_MS = 1_000;

/** Measures the device's clock against the services' signed time and stores the result. Callers share one measurement. */
export function createClockKeeper(clock: Clock, randomBytes: RandomBytes): ClockKeeper {
  const running = new Map<string, Promise<ClockOffset | undefined>>();

  async function measure(key: string): Promise<ClockOffset | undefined> {
    const institution = institutionByKey(key);
    if (institution === undefined) return undefined;
    const asked = await askTime(institution, clock, randomBytes);
    const offset = asked === 'clock-set' ? await askTime(institution, clock, randomBytes) : asked;
    if (offset === undefined || offset === 'clock-set') return undefined;
    // it is right, and of use to whoever asked, even if the device has no room to keep it or does not answer
    keepOffset(key, offset).catch(() => undefined);
    return offset;
  }

  return {
    offset: readOffset,
    measure: (key) => {
      const measured = running.get(key) ?? measure(key).finally(() => running.delete(key));
      running.set(key, measured);
      return measured;
    },
  };
}

async function askTime(
  institution: PinnedInstitution,
  clock: Clock,
  randomBytes: RandomBytes,
): Promise<ClockOffset | 'clock-set' | undefined> {
  const nonce = base64url.encode(randomBytes(16));
  const sentAt = clock();
  const sent = performance.now();
  const answer = await fetchTime(institution.serviceOrigin, nonce);
  const receivedAt = clock();
  const took = performance.now() - sent;
  if (Math.abs(receivedAt - sentAt - took) > SET_BY_MS) return 'clock-set';
  const signed = answer && (await readSigned(institution, JWT_TYPES.time, answer, timeSchema));
  // A replayed old answer would set the clock back.
  return signed && signed.nonce === nonce ? offsetFrom(sentAt, receivedAt, signed.now) : undefined;
}

async function fetchTime(origin: string, nonce: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${origin}/v1/time`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nonce }),
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? timeResponseSchema.parse(await response.json()).time : undefined;
  } catch {
    return undefined;
  }
}
