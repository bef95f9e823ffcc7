import type {
  ApprovalAnswer,
  ApprovalAsker,
  ApprovalRefusal,
  ApprovalWish,
} from '../../core/autofill/approval.ts';
import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import { maybe, number, object, oneOf, type Shaped, text } from '../../core/messages/shape.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import type { Memory } from './memory.ts';

/** What another device was asked for a page, kept in memory: the worker may end while the customer takes out their phone. */
const pendingShape = object({
  id: text(),
  request: text(),
  number: text(),
  until: number,
  tokenId: text(),
  tabId: number,
  frameId: number,
  documentId: text(),
  screen: text(),
  confirmation: maybe(text()),
  /** Set where the customer asked to fill the page: the wish counts for all that comes of it. */
  byCustomer: maybe(oneOf('yes')),
});

export type PendingApproval = Shaped<typeof pendingShape>;

export interface ApprovalPorts {
  readonly asker: ApprovalAsker;
  readonly vault: Pick<TokenReader, 'list'>;
  readonly clock: Clock;
}

/** Refusals of a question that waits no more. After any other it may still be on the phone. */
const ENDED: ReadonlySet<ApprovalRefusal> = new Set([
  'approval-refused',
  'approval-not-me',
  'approval-expired',
  'approval-superseded',
  'approval-withdrawn',
]);

type Refused = { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

/** One approval at a time for each tab. */
export function createApprovals(
  { get, set, remove, inTurn }: Memory,
  { asker, vault, clock }: ApprovalPorts,
) {
  const key = (tabId: number) => `tab:${tabId}`;
  /** Questions that are being sent, for pages that were not left meanwhile. */
  const sending = new Set<Pick<PendingApproval, 'tabId' | 'documentId'>>();

  async function withdraw(tabId: number, isShown: IsShown = shownNoMore): Promise<void> {
    const isSending = [...sending].filter((one) => one.tabId === tabId);
    await Promise.all(isSending.map(async (one) => (await isShown(one)) || sending.delete(one)));
    const there = await get(key(tabId), pendingShape);
    if (!there || (await isShown(there))) return;
    const pending = await inTurn(async () => {
      if ((await get(key(tabId), pendingShape)) !== there) return undefined;
      await remove(key(tabId));
      return there;
    });
    const token = pending && (await vault.list()).find(({ id }) => id === pending.tokenId);
    if (pending && token) await asker.withdraw(token, pending.id);
  }

  return {
    /** What waits for a screen of the sender's document. */
    async pendingFor({ tabId, documentId }: Sender, screen: string): Promise<PendingApproval | undefined> {
      if (tabId === undefined) return undefined;
      const pending = await get(key(tabId), pendingShape);
      return pending?.documentId === documentId && pending?.screen === screen ? pending : undefined;
    },

    /** Asks for the sender's page. What was asked before for its tab is nobody's any more; the service sees to that. */
    async ask(
      { tabId, frameId, documentId }: Sender,
      wish: ApprovalWish,
      byCustomer: boolean,
    ): Promise<{ readonly kind: 'asked'; readonly pending: PendingApproval } | Refused> {
      if (tabId === undefined || frameId === undefined || documentId === undefined)
        return { kind: 'refused', reason: 'vault' };
      const own = { tabId, documentId };
      sending.add(own);
      const outcome = await asker.ask(wish);
      const stays = sending.delete(own);
      if (outcome.kind === 'refused') return outcome;
      const { screen, confirmation, token } = wish;
      if (!stays) {
        await asker.withdraw(token, outcome.approval.id);
        return { kind: 'refused', reason: 'approval-withdrawn' };
      }
      const pending: PendingApproval = {
        ...outcome.approval,
        tokenId: token.id,
        tabId,
        frameId,
        documentId,
        screen,
        ...(confirmation !== undefined && { confirmation }),
        ...(byCustomer && { byCustomer: 'yes' }),
      };
      await inTurn(() => set(key(tabId), pending));
      return { kind: 'asked', pending };
    },

    /** Waits a while for the answer. What has ended is forgotten. */
    async answer(pending: PendingApproval): Promise<ApprovalAnswer> {
      const { tabId, tokenId, id, request, number, until } = pending;
      const token = (await vault.list()).find((one) => one.id === tokenId);
      const answer: ApprovalAnswer =
        token === undefined
          ? { kind: 'refused', reason: 'approval-unpaired' }
          : await asker.answer(token, { id, request, number, until });
      const still = await get(key(tabId), pendingShape);
      // The customer called it off here, or the page was left.
      if (still?.id !== id) return { kind: 'refused', reason: 'approval-withdrawn' };
      // An approval may have waited here while the machine slept.
      const over: ApprovalAnswer =
        answer.kind !== 'refused' && clock() >= until
          ? { kind: 'refused', reason: 'approval-expired' }
          : answer;
      if (over.kind !== 'waiting') await inTurn(() => remove(key(tabId)));
      if (token && over.kind === 'refused' && !ENDED.has(over.reason)) void asker.withdraw(token, id);
      return over;
    },

    /** The customer calls it off, or the tab shows another document, or was closed. */
    withdraw,
  };
}

export type Approvals = ReturnType<typeof createApprovals>;
