import type { ApprovalWish } from '../../core/autofill/approval.ts';
import type { GateInput } from '../../core/autofill/asking.ts';
import type { FillRefusal, FillReply } from '../../core/messages/fill.ts';
import type { PageApprovals, PendingQuestion } from './approvals.ts';
import type { ConfirmationDesk } from './confirmations.ts';
import type { FillGrants } from './fill-grants.ts';
import type { KnownPorts } from './known.ts';

export interface FillerPorts extends KnownPorts {
  readonly approvals: Pick<PageApprovals, 'pendingFor' | 'ask' | 'answer' | 'take'>;
  readonly grants: Pick<FillGrants, 'heard' | 'take' | 'prolong'>;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution' | 'unboundOf' | 'code'>;
  pause(ms: number): Promise<void>;
}

/** A request of an institution's page, and whether the customer asked for it. */
export interface Asked {
  readonly asking: Pick<GateInput, 'sender' | 'ownExtensionId' | 'institutions' | 'request'>;
  /** What another device was asked for this screen, and did not answer yet. */
  readonly pending: Promise<PendingQuestion | undefined>;
  /** Whether the customer asked now. */
  readonly pressed: Promise<boolean>;
  /** Whether they asked, now or for what is pending, found out while the vault is read. */
  readonly byCustomer: Promise<boolean>;
  /** Its key. */
  readonly institution: string;
}

export const refused = (reason: FillRefusal): FillReply => ({ kind: 'refused', reason });

type Approved = { readonly kind: 'approved'; readonly question: PendingQuestion; readonly code: string };

/** Asks the device that makes a token's codes; or, where it has been asked, waits a while for its answer. */
export async function approval(
  { approvals, clock }: FillerPorts,
  { asking, pending, pressed, byCustomer }: Asked,
  wish: Pick<ApprovalWish, 'token' | 'confirmation'>,
): Promise<FillReply | Approved> {
  const { sender, request } = asking;
  const question = await pending;
  const fits = question?.tokenId === wish.token.id && question.confirmation === wish.confirmation;
  // One that nobody waited for may have run out long before the customer asks anew.
  if (!fits || (clock() >= question.until && (await pressed))) {
    const page = { origin: sender.origin ?? '', screen: request.screen };
    const outcome = await approvals.ask(sender, { ...page, ...wish }, await byCustomer);
    return outcome.kind === 'asked' ? inApproval(outcome.pending) : outcome;
  }
  const answer = await approvals.answer(question);
  if (answer.kind === 'waiting') return inApproval(question);
  return answer.kind === 'approved' ? { ...answer, question } : answer;
}

const inApproval = ({ number, until }: PendingQuestion): FillReply => ({ kind: 'approval', number, until });

/** Until a service that did not answer is asked again. */
const PAUSE_MS = 1_000;

/** The service could not be asked what may be filled: it is asked again in a moment, as long as a question waits for the page. */
export async function unheard(
  { approvals, clock, pause }: FillerPorts,
  { asking: { sender, request }, pending }: Asked,
): Promise<FillReply> {
  const question = await pending;
  if (question === undefined || clock() >= question.until) return refused('approval-unreachable');
  await pause(PAUSE_MS);
  const still = await approvals.pendingFor(sender, request.screen);
  return still?.id === question.id ? inApproval(question) : refused('approval-withdrawn');
}
