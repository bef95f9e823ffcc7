import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import type { ClockKeeper, ClockOffset } from '../../core/vault/clock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
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
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution'>;
}

/** What the gate needs to know about the vault, the page and the clock. */
export interface Known {
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
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
  const [locked, tokens, selected, onRequest, filledScreens, offset] = await Promise.all([
    ports.isLocked(),
    listTokens(ports, institution),
    ports.vault.selected(),
    ports.tokensOnRequest(),
    ports.filledScreens.of(sender),
    currentOffset(ports, institution, remeasure),
  ]);
  return { locked, tokens, selected, onRequest, filledScreens, offset };
}

/**
 * The tokens there are. Where one has still to be registered its service is asked first: it may have been registered a moment
 * ago, on this very page.
 */
async function listTokens(
  { vault, desk }: KnownPorts,
  institution: string,
): Promise<readonly TokenSummary[]> {
  const tokens = await vault.list();
  if (!tokens.some((token) => token.institution === institution && token.bindBy !== undefined)) return tokens;
  await desk.ofInstitution(institution);
  return vault.list();
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
    begin(sender: Sender, institution: string): void {
      const { documentId } = sender;
      if (documentId === undefined) return;
      const known = readKnown(ports, sender, institution, false);
      // A failure is reported to the request for the code.
      known.catch(() => undefined);
      ahead = { documentId, institution, until: ports.clock() + AHEAD_MS, known };
    },
    /** Takes the data that was read ahead, once, if it is fresh. */
    take({ documentId }: Sender, institution: string): Promise<Known> | undefined {
      const taken = ahead;
      if (taken?.documentId !== documentId || taken?.institution !== institution) return undefined;
      ahead = undefined;
      return ports.clock() < taken.until ? taken.known : undefined;
    },
  };
}

export type ReadAhead = ReturnType<typeof createReadAhead>;
