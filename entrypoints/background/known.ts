import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import { type ClockKeeper, type ClockOffset, correctedTime } from '../../core/vault/clock.ts';
import { mayRegister } from '../../core/vault/registration.ts';
import { isOver, type TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { currentOffset } from '../../platform/service/token-request.ts';
import type { ConfirmationDesk } from './confirmations.ts';
import type { FilledScreens } from './filled-screens.ts';

export interface KnownPorts {
  /** Lists the tokens even while the vault is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  /** Ids of the tokens that fill only on request. */
  tokensOnRequest(): Promise<readonly string[]>;
  readonly filledScreens: Pick<FilledScreens, 'of'>;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly desk: Pick<ConfirmationDesk, 'unboundOf'>;
}

/** What the gate needs to know about the vault, the page and the clock. */
export interface Known {
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  /** Ids of those of which the service has just said that they have still to be registered. */
  readonly unbound: readonly string[];
  readonly selected: string | undefined;
  readonly onRequest: readonly string[];
  /** Screens that were filled in the sender's document. */
  readonly filledScreens: readonly string[];
  readonly offset: ClockOffset | undefined;
}

/** @param remeasure whether to measure the clock even after a recent measurement */
export async function readKnown(
  ports: KnownPorts,
  sender: Sender,
  institution: string,
  remeasure: boolean,
): Promise<Known> {
  const [locked, { tokens, unbound }, selected, onRequest, filledScreens, offset] = await Promise.all([
    ports.isLocked(),
    knownTokens(ports, institution),
    ports.vault.selected(),
    ports.tokensOnRequest(),
    ports.filledScreens.of(sender),
    currentOffset(ports, institution, remeasure),
  ]);
  return { locked, tokens, unbound, selected, onRequest, filledScreens, offset };
}

/**
 * The tokens there are. Where it matters whether one has been registered its service is asked first: it may have been a moment
 * ago, on this very page.
 */
async function knownTokens(
  { vault, clock, clockKeeper, desk }: KnownPorts,
  key: string,
): Promise<Pick<Known, 'tokens' | 'unbound'>> {
  const tokens = await vault.list();
  const own = tokens.filter(({ institution }) => institution === key);
  const made = own.filter(({ bindBy, status }) => bindBy !== undefined && !isOver(status));
  if (made.length === 0) return { tokens, unbound: [] };
  const timeMs = correctedTime(clock(), await clockKeeper.offset(key));
  // One that can be registered no more may still be the one in use, where no other is.
  const matters =
    made.some((token) => mayRegister(token, timeMs)) || own.every(({ bindBy }) => bindBy !== undefined);
  if (!matters) return { tokens, unbound: [] };
  const unbound = await desk.unboundOf(key);
  return { tokens: await vault.list(), unbound };
}

/** Milliseconds for which data that was read ahead is used; reading a page takes less. */
const AHEAD_MS = 1_000;

/** Reads what a code needs while a page is being read that may ask for one. It does so for the latest document only. */
export function createReadAhead(ports: KnownPorts) {
  let ahead:
    | {
        readonly documentId: string;
        readonly institution: string;
        readonly until: number;
        readonly known: Promise<Known>;
      }
    | undefined;
  return {
    begin(sender: Sender, institution: string): Promise<Known> | undefined {
      const { documentId } = sender;
      if (documentId === undefined) return undefined;
      const known = readKnown(ports, sender, institution, false);
      // A failure is reported to the request for the code.
      known.catch(() => undefined);
      ahead = { documentId, institution, until: ports.clock() + AHEAD_MS, known };
      return known;
    },
    /** Takes the data that was read ahead, once, if it is fresh; else reads it now. Whether the vault is locked is always read now. */
    async take(sender: Sender, institution: string): Promise<Known> {
      const taken = ahead;
      if (taken?.documentId === sender.documentId && taken?.institution === institution) {
        ahead = undefined;
        if (ports.clock() < taken.until) {
          const [known, locked] = await Promise.all([taken.known, ports.isLocked()]);
          return { ...known, locked };
        }
      }
      return readKnown(ports, sender, institution, false);
    },
  };
}

export type ReadAhead = ReturnType<typeof createReadAhead>;
