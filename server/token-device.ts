import type { Device, TokenDevice } from '../core/api/bank.ts';
import type { DeviceRow } from './store/devices.ts';
import { UNNAMED } from './store/replacements.ts';

const HOUR_MS = 60 * 60_000;

/** A device as it described itself. */
export const descriptionOf = ({ form, name }: Pick<DeviceRow, 'form' | 'name'>): Device => ({
  form: form ?? 'other',
  name: name ?? UNNAMED,
});

/** Nobody needs to know to the second when a customer was at a device. */
const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);

export const tokenDevice = (row: DeviceRow): TokenDevice => ({
  id: row.id,
  ...descriptionOf(row),
  may: row.may_decide ? 'all' : 'fill',
  addedAt: row.added_at.toISOString(),
  ...(row.last_seen_at !== null && { lastSeenAt: hourOf(row.last_seen_at).toISOString() }),
});
