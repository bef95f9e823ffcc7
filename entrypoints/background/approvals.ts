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

export type PendingQuestion = Shaped<typeof pendingShape>;

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

type Asked = { readonly kind: 'asked'; readonly pending: PendingQuestion };
type Refused = { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

export interface PageApprovals {
  /** What waits for a screen of the sender's document. */
  pendingFor(sender: Sender, screen: string): Promise<PendingQuestion | undefined>;
  /** Asks for the sender's page. What was asked before for its tab is nobody's any more; the service sees to that. */
  ask(sender: Sender, wish: ApprovalWish, byCustomer: boolean): Promise<Asked | Refused>;
  /** Waits a while for the answer. A refusal is forgotten; an approval is answered again until it is taken. */
  answer(pending: PendingQuestion): Promise<ApprovalAnswer>;
  /** Takes an approval to fill it. @returns false where it was taken before, or called off */
  take(pending: PendingQuestion): Promise<boolean>;
  /** The customer calls it off, or the tab shows another document, or was closed. */
  withdraw(tabId: number, isShown?: IsShown): Promise<void>;
}

/** What the steps work with. */
interface Asking extends ApprovalPorts {
  readonly memory: Memory;
  /** Questions that are being sent, for pages that were not left meanwhile. */
  readonly sending: Set<Pick<PendingQuestion, 'tabId' | 'documentId'>>;
}

const keyOf = (tabId: number) => `tab:${tabId}`;

/** One approval at a time for each tab. */
export function createApprovals(memory: Memory, ports: ApprovalPorts): PageApprovals {
  const asking: Asking = { ...ports, memory, sending: new Set() };
  return {
    pendingFor: (sender, screen) => pendingFor(memory, sender, screen),
    ask: (sender, wish, byCustomer) => ask(asking, sender, wish, byCustomer),
    answer: (pending) => answer(asking, pending),
    take: (pending) => take(memory, pending),
    withdraw: (tabId, isShown = shownNoMore) => withdraw(asking, tabId, isShown),
  };
}

async function pendingFor(
  { get }: Memory,
  { tabId, documentId }: Sender,
  screen: string,
): Promise<PendingQuestion | undefined> {
  if (tabId === undefined) return undefined;
  const pending = await get(keyOf(tabId), pendingShape);
  return pending?.documentId === documentId && pending?.screen === screen ? pending : undefined;
}

async function ask(
  { memory, asker, sending }: Asking,
  { tabId, frameId, documentId }: Sender,
  wish: ApprovalWish,
  byCustomer: boolean,
): Promise<Asked | Refused> {
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
  const pending: PendingQuestion = {
    ...outcome.approval,
    tokenId: token.id,
    tabId,
    frameId,
    documentId,
    screen,
    ...(confirmation !== undefined && { confirmation }),
    ...(byCustomer && { byCustomer: 'yes' }),
  };
  await memory.inTurn(() => memory.set(keyOf(tabId), pending));
  return { kind: 'asked', pending };
}

async function answer(
  { memory, asker, vault, clock }: Asking,
  { tabId, tokenId, id, request, number, until }: PendingQuestion,
): Promise<ApprovalAnswer> {
  const token = (await vault.list()).find((one) => one.id === tokenId);
  const answered: ApprovalAnswer =
    token === undefined
      ? { kind: 'refused', reason: 'approval-unpaired' }
      : await asker.answer(token, { id, request, number, until });
  const still = await memory.get(keyOf(tabId), pendingShape);
  // The customer called it off here, or the page was left.
  if (still?.id !== id) return { kind: 'refused', reason: 'approval-withdrawn' };
  // An approval may have waited here while the machine slept.
  const over: ApprovalAnswer =
    answered.kind !== 'refused' && clock() >= until
      ? { kind: 'refused', reason: 'approval-expired' }
      : answered;
  if (over.kind === 'refused') await memory.inTurn(() => memory.remove(keyOf(tabId)));
  if (token && over.kind === 'refused' && !ENDED.has(over.reason)) void asker.withdraw(token, id);
  return over;
}

const take = ({ get, remove, inTurn }: Memory, { tabId, id }: PendingQuestion): Promise<boolean> =>
  inTurn(async () => {
    if ((await get(keyOf(tabId), pendingShape))?.id !== id) return false;
    await remove(keyOf(tabId));
    return true;
  });

async function withdraw(
  { memory: { get, remove, inTurn }, asker, vault, sending }: Asking,
  tabId: number,
  isShown: IsShown,
): Promise<void> {
  const isSending = [...sending].filter((one) => one.tabId === tabId);
  await Promise.all(isSending.map(async (one) => (await isShown(one)) || sending.delete(one)));
  const there = await get(keyOf(tabId), pendingShape);
  if (!there || (await isShown(there))) return;
  const pending = await inTurn(async () => {
    if ((await get(keyOf(tabId), pendingShape)) !== there) return undefined;
    await remove(keyOf(tabId));
    return there;
  });
  const token = pending && (await vault.list()).find(({ id }) => id === pending.tokenId);
  if (pending && token) await asker.withdraw(token, pending.id);
}
