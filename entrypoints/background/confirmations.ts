import { decideSender, type Sender } from '../../core/autofill/gate.ts';
import { screenAsking } from '../../core/autofill/screens.ts';
import type {
  LatestMessage,
  PendingMessage,
  TransferSeen,
  TransferSeenReply,
} from '../../core/messages/confirmation.ts';
import type { FillRefusal } from '../../core/messages/fill.ts';
import type {
  ClockKeeper,
  Confirmations,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
  TokenReader,
} from '../../core/ports.ts';
import { readShown, type ShownTransfer } from '../../core/transaction/shown.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import { conceal, createConfirmations, tokensToAsk } from '../../platform/service/confirmations.ts';
import type { Confirmer } from '../../platform/service/confirmer.ts';
import type { ShownPages } from './shown-pages.ts';
import type { WaitingConfirmations } from './waiting.ts';

/** How long to wait before each look, once a page shows a transfer: the bank's request may be on its way still. */
const LOOKS_AFTER_MS = [0, 1_000, 2_000, 4_000];

export interface ConfirmationPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  readonly clockKeeper: ClockKeeper;
  readonly confirmer: Confirmer;
  readonly pages: ShownPages;
  readonly waiting: WaitingConfirmations;
  pause(ms: number): Promise<void>;
}

/** 取引認証 in the background: for the extension's pages, and when a bank shows a transfer. */
export function createConfirmationDesk(ports: ConfirmationPorts) {
  const { vault, isLocked, confirmer, pages, waiting } = ports;

  /** Asks for some tokens, and has the badge follow. */
  async function ask(tokens: readonly TokenSummary[]): Promise<LatestConfirmations> {
    const latest = await confirmer.latest(tokens);
    const heard = tokens.filter(({ institution }) => !latest.failed.includes(institution));
    await waiting.learn(
      heard.map(({ id }) => id),
      latest.confirmations,
      await offsets(heard),
    );
    return latest;
  }

  async function offsets(tokens: readonly TokenSummary[]): Promise<(institution: string) => number> {
    const keys = [...new Set(tokens.map(({ institution }) => institution))];
    const known = await Promise.all(
      keys.map(async (key) => {
        return [key, (await ports.clockKeeper.offset(key).catch(() => undefined))?.offsetMs ?? 0] as const;
      }),
    );
    const byKey = new Map(known);
    return (institution) => byKey.get(institution) ?? 0;
  }

  const direct = createConfirmations(confirmer, vault, isLocked);

  return {
    async latest(): Promise<LatestMessage> {
      const latest = await ask(await tokensToAsk(vault));
      if (await isLocked()) return { ...conceal(latest), confirmations: [] };
      const compared = await pages.compare(latest.confirmations);
      return { confirmations: compared.map(messageOf), failed: latest.failed };
    },

    async decide(
      tokenId: string,
      canonical: string,
      decision: Parameters<Confirmations['decide']>[1],
    ): Promise<DecisionOutcome> {
      const outcome = await direct.decide({ tokenId, canonical }, decision);
      const over = outcome.kind === 'decided' || outcome.reason === 'gone';
      if (over) await waiting.settle(JSON.parse(canonical).confirmation);
      return outcome;
    },

    async code(tokenId: string, canonical: string): Promise<{ code: string } | undefined> {
      const code = await direct.code({ tokenId, canonical });
      return code === undefined ? undefined : { code };
    },

    streams: async () => ({ streams: await confirmer.streams(await tokensToAsk(vault)) }),

    /** A bank shows a transfer: what waits for it is asked for at once, and a few times more, but not for ever. */
    async seen(page: TransferSeen, sender: Sender): Promise<TransferSeenReply> {
      const { screen, text } = page;
      const asking = decideSender({ sender, ownExtensionId: browser.runtime.id, institutions, page });
      if (asking.kind === 'refuse') return refused(asking.reason);
      if (sender.tabId === undefined || !screenAsking('confirmation', screen))
        return refused('screen-unknown');
      const { key } = asking.institution;
      const shown = readShown(text);
      await pages.keep(sender.tabId, key, shown);
      const tokens = await tokensToAsk(vault, key);
      if (tokens.length === 0) return refused('no-token');
      for (const ms of LOOKS_AFTER_MS) {
        await ports.pause(ms);
        const { confirmations } = await ask(tokens);
        const found = confirmations.filter((pending) => isShown(pending, shown));
        if (found.length > 0) {
          await waiting.notify();
          tellPages();
          return { kind: 'expected', count: found.length };
        }
      }
      return { kind: 'expected', count: 0 };
    },

    /** What the service says now of an institution's tokens, for the gate. */
    async ofInstitution(key: string): Promise<readonly PendingConfirmation[]> {
      const tokens = await tokensToAsk(vault, key);
      return (await ask(tokens)).confirmations;
    },
  };
}

export type ConfirmationDesk = ReturnType<typeof createConfirmationDesk>;

const refused = (reason: FillRefusal): TransferSeenReply => ({ kind: 'refused', reason });

/** Whether a page that shows this can be the one a confirmation is about. */
const isShown = ({ details }: PendingConfirmation, shown: ShownTransfer) =>
  shown.number === undefined || shown.number === details.number;

function messageOf({ details: _details, canonical, useBy, ...rest }: PendingConfirmation): PendingMessage {
  return { ...rest, details: canonical, ...(useBy !== undefined && { useBy }) };
}

/** Has open pages of the extension ask again; there may be none. */
function tellPages(): void {
  browser.runtime.sendMessage({ type: 'confirmations.changed' }).catch(() => undefined);
}
