import type { Device, TokenDevice } from '../core/api/bank.ts';
import type { DeviceRow } from './store/devices.ts';
import { UNNAMED } from './store/replacements.ts';

/** A device as it described itself. */
export const descriptionOf = ({ form, name }: Pick<DeviceRow, 'form' | 'name'>): Device => ({
  form: form ?? 'other',
  name: name ?? UNNAMED,
});

export const tokenDevice = (row: DeviceRow): TokenDevice => ({
  id: row.id,
  ...descriptionOf(row),
  may: row.may_decide ? 'all' : 'fill',
  addedAt: row.added_at.toISOString(),
  ...(row.last_seen_at !== null && { lastSeenAt: row.last_seen_at.toISOString() }),
});
