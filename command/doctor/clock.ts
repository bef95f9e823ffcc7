import { messageOf } from '../errors.ts';
import { error, type Line, ok, warning } from './line.ts';

/** Codes are taken some steps early and late, proofs some seconds: a clock this far off comes near to either. */
const WARNED_MS = 1_000;
const WRONG_MS = 10_000;

const ASK_WITHIN_MS = 10_000;

/** A time read elsewhere, and between which two of this machine's it was read. */
export interface Reading {
  readonly earliest: number;
  readonly latest: number;
  readonly before: number;
  readonly after: number;
}

/** Compares this machine's clock with another. What may come of the way there and back is not held against it. */
export function clockLine(where: string, { earliest, latest, before, after }: Reading): Line {
  const about = `clock against ${where}`;
  const ahead = before - latest;
  const behind = earliest - after;
  const off = Math.max(ahead, behind, 0);
  const said = `${(off / 1_000).toFixed(1)} s ${ahead > 0 ? 'ahead of it' : 'behind it'}`;
  const todo = 'set both clocks by NTP: systemctl enable --now chrony (or systemd-timesyncd)';
  if (off > WRONG_MS) return error(about, `${said}; ${todo}`);
  return off > WARNED_MS ? warning(about, `${said}; ${todo}`) : ok(about, 'the same');
}

/** Compares the clock with the header `Date` of an answer, and its `Age` in a cache: both have whole seconds. */
export async function clockOf(url: string): Promise<Line> {
  const before = Date.now();
  try {
    const { headers } = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(ASK_WITHIN_MS),
    });
    const after = Date.now();
    const second = Date.parse(headers.get('Date') ?? '') + Number(headers.get('Age')) * 1_000;
    if (Number.isNaN(second)) return warning(`clock against ${url}`, 'its answer has no Date; ask another');
    return clockLine(url, { earliest: second, latest: second + 999, before, after });
  } catch (cause) {
    return warning(`clock against ${url}`, `cannot ask it: ${messageOf(cause)}; ask another`);
  }
}
