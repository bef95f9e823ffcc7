import type { Sender } from '../../core/autofill/asking.ts';
import { decideSender } from '../../core/autofill/gate.ts';
import { screenAsking, screensOf } from '../../core/autofill/screens.ts';
import type { Clock } from '../../core/clock.ts';
import { policyOf } from '../../core/institution/policy.ts';
import type {
  LatestMessage,
  PendingMessage,
  TransferSeen,
  TransferSeenReply,
} from '../../core/messages/confirmation.ts';
import type { FillRefusal } from '../../core/messages/fill.ts';
import type {
  Confirmations,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
} from '../../core/transaction/confirmations.ts';
import type { WaitingLogin } from '../../core/transaction/logins.ts';
import { readShown, type ShownTransaction } from '../../core/transaction/shown.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import { type Challenges, waitingLogins } from '../../platform/service/challenges.ts';
import { concealed, createConfirmations, tokensToAsk } from '../../platform/service/confirmations.ts';
import type { Confirmer } from '../../platform/service/confirmer.ts';
import { readDetails } from '../../platform/service/details.ts';
import type { IsShown } from './documents.ts';
import type { ShownPages } from './shown-pages.ts';
import type { SigningPages } from './signing-pages.ts';
import type { PageInTab, WaitingConfirmations } from './waiting.ts';

/** Pauses before each look after a page shows a transfer, as the bank's request may still be on its way. */
const LOOKS_AFTER_MS = [0, 1_000, 2_000, 4_000];

/** By then a page that carries a challenge has asked to sign it. */
const LOADING_MS = 4_000;

export interface ConfirmationPorts {
  /** Lists the tokens even while the vault is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  readonly clockKeeper: ClockKeeper;
  readonly confirmer: Confirmer;
  readonly pages: ShownPages;
  readonly challenges: Pick<Challenges, 'waiting' | 'notMe'>;
  readonly signingPages: Pick<SigningPages, 'challenges'>;
  readonly clock: Clock;
  readonly waiting: WaitingConfirmations;
  pause(ms: number): Promise<void>;
}

/** 取引認証 in the background, for the extension's pages and for bank pages that show a transfer. */
export function createConfirmationDesk(ports: ConfirmationPorts) {
  const { vault, isLocked, confirmer, pages, waiting, challenges } = ports;
  const direct = createConfirmations(confirmer, vault, isLocked, challenges);

  return {
    async latest(): Promise<LatestMessage> {
      const tokens = (await isLocked()) ? undefined : await tokensToAsk(vault);
      const [latest, logins] = await Promise.all([
        tokens && askFor(ports, tokens),
        tokens && elsewhere(ports, tokens),
        forgetRemoved(ports),
      ]);
      // the vault may have been locked in the meantime
      if (latest === undefined || (await isLocked())) return concealed(await waiting.count());
      const decidable = latest.confirmations.filter(isDecidedHere(await vault.list()));
      const compared = await pages.compare(decidable);
      const { failed, unsupported, replaced, standings } = latest;
      return {
        confirmations: compared.map(messageOf),
        failed,
        ...(unsupported && { unsupported }),
        ...(replaced && { replaced }),
        ...(standings && { standings }),
        ...(logins && { logins }),
      };
    },

    async decide(
      tokenId: string,
      canonical: string,
      decision: Parameters<Confirmations['decide']>[1],
    ): Promise<DecisionOutcome> {
      const origin = await originOf(ports, tokenId, canonical);
      const outcome = await direct.decide({ tokenId, canonical }, decision, origin);
      const over = outcome.kind === 'decided' || outcome.reason === 'gone';
      if (over) await waiting.settle(JSON.parse(canonical).confirmation);
      return outcome;
    },

    notMe: direct.notMe,

    code: (tokenId: string, canonical: string) => direct.code({ tokenId, canonical }),

    streams: async () => ({ streams: await confirmer.streams(await tokensToAsk(vault)) }),

    /** A bank's page shows a transfer. */
    seen: (page: TransferSeen, sender: Sender) => takeSeen(ports, page, sender),

    /** A tab shows another document. */
    async left(tabId: number, isShown?: IsShown): Promise<void> {
      await Promise.all([pages.leave(tabId, isShown), waiting.unexpect(tabId, isShown)]);
    },

    /** A tab was closed. */
    async closed(tabId: number): Promise<void> {
      await pages.forget(tabId);
      await waiting.unexpect(tabId);
    },

    /** Asks the service about an institution's tokens, for the gate. */
    async ofInstitution(key: string): Promise<Pick<LatestConfirmations, 'confirmations' | 'failed'>> {
      return askFor(ports, await tokensToAsk(vault, key));
    },

    /** Ids of the institution's tokens of which its service says now that they have still to be registered. */
    async unboundOf(key: string): Promise<readonly string[]> {
      const { standings = [] } = await askFor(ports, await tokensToAsk(vault, key));
      return standings.filter(({ status }) => status === 'enrolled').map(({ tokenId }) => tokenId);
    },
  };
}

/** Logins that no page of this browser asks to sign. One that the bank has just asked for may be of a page that loads here still. */
async function elsewhere(
  { challenges, signingPages, clock, pause }: ConfirmationPorts,
  tokens: readonly TokenSummary[],
): Promise<readonly WaitingLogin[] | undefined> {
  const logins = await waitingLogins(challenges, tokens);
  const here = await signingPages.challenges();
  const others = logins?.filter(({ id }) => !here.includes(id));
  const settled = others?.filter(({ since }) => since + LOADING_MS <= clock());
  if (settled?.length !== others?.length) void pause(LOADING_MS).then(tellPages);
  return settled;
}

/** Where a page of this browser shows what is decided. */
async function originOf(
  { vault, pages }: ConfirmationPorts,
  tokenId: string,
  canonical: string,
): Promise<string | undefined> {
  const token = (await vault.list().catch(() => [])).find(({ id }) => id === tokenId);
  const read = token && readDetails(canonical, token);
  return read?.kind === 'details' ? pages.originOf(read.details) : undefined;
}

/** Asks about some tokens, and updates the badge. */
async function askFor(
  { confirmer, waiting, clockKeeper }: ConfirmationPorts,
  tokens: readonly TokenSummary[],
): Promise<LatestConfirmations> {
  const latest = await confirmer.latest(tokens);
  const heard = tokens.filter(({ institution }) => !latest.failed.includes(institution));
  await waiting.learn(
    heard.map(({ id }) => id),
    latest.confirmations.filter(isDecidedHere(tokens)),
    await offsetsOf(clockKeeper, heard),
  );
  return latest;
}

/** What waited for a token that was removed waits no more. */
async function forgetRemoved({ vault, waiting }: ConfirmationPorts): Promise<void> {
  const tokens = await vault.list().catch(() => undefined);
  if (tokens) await waiting.keep(tokens.map(({ id }) => id));
}

/** Whether a confirmation is for this device to decide, and not for the one that another token's codes come from. */
const isDecidedHere =
  (tokens: readonly TokenSummary[]) =>
  ({ tokenId }: PendingConfirmation): boolean =>
    !tokens.some(({ id, decider }) => id === tokenId && decider !== undefined);

/** Milliseconds to add to the device's clock, for each institution of some tokens. */
async function offsetsOf(
  clockKeeper: ClockKeeper,
  tokens: readonly TokenSummary[],
): Promise<(institution: string) => number> {
  const keys = [...new Set(tokens.map(({ institution }) => institution))];
  const known = await Promise.all(
    keys.map(async (key) => {
      return [key, (await clockKeeper.offset(key).catch(() => undefined))?.offsetMs ?? 0] as const;
    }),
  );
  const byKey = new Map(known);
  return (institution) => byKey.get(institution) ?? 0;
}

/** A bank's page shows a transfer: asks at once for its confirmation, and then a limited number of times. */
async function takeSeen(
  ports: ConfirmationPorts,
  page: TransferSeen,
  sender: Sender,
): Promise<TransferSeenReply> {
  const { vault, isLocked, pages, waiting } = ports;
  const judged = decideSender({ sender, ownExtensionId: browser.runtime.id, institutions, page });
  if (judged.kind === 'refuse') return refused(judged.reason);
  const { tabId, documentId } = sender;
  if (tabId === undefined || !screenAsking('confirmation', page.screen, screensOf(judged.institution)))
    return refused('screen-unknown');
  const { key } = judged.institution;
  const waitsMs = policyOf(judged.institution).decideWithinMinutes * 60_000;
  const shown = readShown(page.text);
  const ofDocument = documentId !== undefined && { documentId };
  await pages.keep(tabId, { institution: key, origin: sender.origin ?? '', ...ofDocument }, shown);
  const tokens = (await tokensToAsk(vault, key)).filter(({ decider }) => decider === undefined);
  if (tokens.length === 0) return refused('no-token');
  for (const ms of LOOKS_AFTER_MS) {
    if (await isLocked()) return announce(ports, { tabId, documentId, waitsMs }, key, tokens);
    await ports.pause(ms);
    const { confirmations } = await askFor(ports, tokens);
    const found = confirmations.filter((pending) => isShown(pending, shown));
    if (found.length > 0) {
      await tell(waiting);
      return { kind: 'expected', count: found.length };
    }
  }
  return { kind: 'expected', count: 0 };
}

/** While the vault is locked, the service is not asked. The transfer on the bank's page is announced without details. */
async function announce(
  { waiting, pages }: ConfirmationPorts,
  page: PageInTab,
  institution: string,
  tokens: readonly TokenSummary[],
): Promise<TransferSeenReply> {
  await waiting.expect(
    tokens.map(({ id }) => id),
    page,
    await pages.count(institution),
  );
  await tell(waiting);
  return { kind: 'expected', count: 1 };
}

async function tell(waiting: WaitingConfirmations): Promise<void> {
  await waiting.notify();
  tellPages();
}

export type ConfirmationDesk = ReturnType<typeof createConfirmationDesk>;

const refused = (reason: FillRefusal): TransferSeenReply => ({ kind: 'refused', reason });

/** Whether a page that shows this can be the page of a confirmation. */
const isShown = ({ details }: PendingConfirmation, shown: ShownTransaction) =>
  shown.number === undefined || shown.number === details.number;

function messageOf({
  details: _details,
  canonical,
  useBy,
  onPage,
  ...rest
}: PendingConfirmation): PendingMessage {
  return { ...rest, details: canonical, ...(useBy !== undefined && { useBy }), ...(onPage && { onPage }) };
}

/** Makes open pages of the extension ask again; there may be none. */
function tellPages(): void {
  browser.runtime.sendMessage({ type: 'confirmations.changed' }).catch(() => undefined);
}
