import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { startChore } from '../../../host/chore.ts';
import { registry } from '../../../host/metrics.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

const HOUR_MS = 60 * 60_000;
const SILENT = { error: () => {} };

async function gauge(metric: string, chore: string): Promise<number | undefined> {
  const { values = [] } = (await registry.getSingleMetric(metric)?.get()) ?? {};
  return values.find(({ labels }) => labels.chore === chore)?.value;
}

/** What the alert computes, of a chore as this process tells of it. */
async function isLate(chore: string): Promise<boolean> {
  const file = resolve(import.meta.dirname, '../../../deploy/prometheus/alerts.yml');
  const { groups }: { groups: { rules: { alert: string; expr: string }[] }[] } = parse(
    readFileSync(file, 'utf8'),
  );
  const expr = groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === 'ChoreLate')?.expr ?? '';
  const [, most = ''] =
    /^time\(\) - warifu_chore_last_success_timestamp_seconds > (\d+) \+ warifu_chore_interval_seconds$/.exec(
      expr,
    ) ?? [];
  const last = await gauge('warifu_chore_last_success_timestamp_seconds', chore);
  const every = await gauge('warifu_chore_interval_seconds', chore);
  return Date.now() / 1000 - (last ?? Number.NaN) > Number(most) + (every ?? Number.NaN);
}

test('ChoreLate leaves work alone that is done once an hour, and finds it when it fails', async () => {
  let fails = false;
  const work = async () => {
    if (fails) throw new Error('failed');
  };
  const chore = startChore('hourly', HOUR_MS, SILENT, work);
  for (const minutes of [59, 2, 58, 2]) {
    await vi.advanceTimersByTimeAsync(minutes * 60_000);
    expect(await isLate('hourly')).toBe(false);
  }
  fails = true;
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(await isLate('hourly')).toBe(true);
  await chore.stop();
});

test('ChoreLate finds work that has never ended well', async () => {
  const chore = startChore('never', 60_000, SILENT, () => Promise.reject(new Error('failed')));
  expect(await isLate('never')).toBe(false);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(await isLate('never')).toBe(true);
  await chore.stop();
});
