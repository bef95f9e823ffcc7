import { type RefusedFillsRequest, refusedFillsResponseSchema } from '../../core/api/refused-fills.ts';
import { oldestKept, type RefusedFill, toReport } from '../../core/autofill/refused-fills.ts';
import { correctedTime } from '../../core/vault/clock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { institutionByKey } from '../directory.ts';
import type { RefusedFillsStore, RefusedOf } from '../storage/refused-fills.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { type RequestPorts, sendByToken, type TokenReply } from './token-request.ts';

export interface ReporterPorts extends RequestPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: Pick<TokenReader, 'list'>;
  readonly keys: Pick<TokenKeyring, 'signing'>;
  readonly kept: RefusedFillsStore;
}

export interface RefusedFillsReporter {
  /** Reports what can be reported now, once for all who ask at once. Never rejects: what could not be sent is kept. */
  report(): Promise<void>;
}

/** After a report that came to nothing the next one waits, in milliseconds. */
const AGAIN_AFTER_MS = 10 * 60_000;

export function createRefusedFillsReporter(ports: ReporterPorts): RefusedFillsReporter {
  let running: Promise<void> | undefined;
  let failedAt: number | undefined;

  async function reportAll(): Promise<void> {
    const waits = failedAt !== undefined && Math.abs(ports.clock() - failedAt) < AGAIN_AFTER_MS;
    const kept = waits ? [] : await ports.kept.list();
    if (kept.length === 0) return;
    failedAt = undefined;
    const tokens = await ports.vault.list();
    for (const one of kept) {
      const token = tokens.find(({ id }) => id === one.tokenId);
      if (token && !(await reportToken(ports, token, one))) failedAt = ports.clock();
    }
  }

  return {
    report() {
      running ??= reportAll()
        // Locked, or storage fails: another time.
        .catch(() => undefined)
        .finally(() => {
          running = undefined;
        });
      return running;
    },
  };
}

/** @returns false where it has to be sent again */
async function reportToken(
  ports: ReporterPorts,
  token: TokenSummary,
  { hours }: RefusedOf,
): Promise<boolean> {
  const institution = institutionByKey(token.institution);
  if (institution?.reportsRefusedFills !== true) {
    await ports.kept.forget(token.id, Number.POSITIVE_INFINITY);
    return true;
  }
  const offset = await ports.clockKeeper.offset(token.institution);
  const now = correctedTime(ports.clock(), offset);
  // Nothing is taken from a token that no contract has; it may be registered before these hours are of no use.
  const fills = token.bindBy === undefined ? toReport(hours, now) : [];
  const last = fills.at(-1)?.since;
  if (last === undefined) {
    if (hours.some(({ since }) => since < oldestKept(now)))
      await ports.kept.forget(token.id, oldestKept(now));
    return true;
  }
  const keys = await ports.keys.signing(token.id);
  const path = '/v1/token/refused-fills';
  const reply = await sendByToken(ports, { institution, keys, method: 'POST', path, body: bodyOf(fills) });
  if (!isSettled(reply)) return false;
  await ports.kept.forget(token.id, last + 1);
  return true;
}

const bodyOf = (fills: readonly RefusedFill[]): RefusedFillsRequest => ({
  fills: fills.map(({ since, ...fill }) => ({ since: new Date(since).toISOString(), ...fill })),
});

/** Counted, or never to be: the service does not take these hours, or not from this token. */
function isSettled(reply: TokenReply): boolean {
  if (reply.kind === 'answered') return refusedFillsResponseSchema.safeParse(reply.answer).success;
  return reply.kind === 'refused' && [400, 404].includes(reply.status);
}
