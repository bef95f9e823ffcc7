import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import type { ClockKeeper, ClockOffset } from '../../core/vault/clock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { currentOffset } from '../../platform/service/token-request.ts';
import type { ConfirmationDesk } from './confirmations.ts';
import type { FilledScreens } from './filled-screens.ts';

export interface KnownPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  /** Ids of the tokens that fill only on request. */
  tokensOnRequest(): Promise<readonly string[]>;
  readonly filledScreens: Pick<FilledScreens, 'of'>;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution'>;
}

/** What the gate has to know of the vault, the page and the clock. */
export interface Known {
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  readonly selected: string | undefined;
  readonly onRequest: readonly string[];
  /** The screens that were filled in the sender's document. */
  readonly filledScreens: readonly string[];
  readonly offset: ClockOffset | undefined;
}

/** @param remeasure whether the clock is asked even where it was measured lately */
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

/** What is read ahead counts so long, in milliseconds: a page is read in less. */
const AHEAD_MS = 1_000;

/** Reads what a code needs while the page that may ask for one is being read: for one document, the last that was. */
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
      // The one that asks for the code hears of it.
      known.catch(() => undefined);
      ahead = { documentId, institution, until: ports.clock() + AHEAD_MS, known };
    },
    /** Once, and soon: it is gone with that. */
    take({ documentId }: Sender, institution: string): Promise<Known> | undefined {
      const taken = ahead;
      if (taken?.documentId !== documentId || taken?.institution !== institution) return undefined;
      ahead = undefined;
      return ports.clock() < taken.until ? taken.known : undefined;
    },
  };
}

export type ReadAhead = ReturnType<typeof createReadAhead>;
