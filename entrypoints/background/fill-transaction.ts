import { decideConfirmation } from '../../core/autofill/gate.ts';
import type { FillReply } from '../../core/messages/fill.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { claimConfirmation } from '../../platform/storage/filled.ts';
import { type Asked, approval, type FillerPorts, refused, unheard } from './fill-asked.ts';

/** The code of the confirmed transfer that the page shows. */
export async function confirmationCodeFor(ports: FillerPorts, asked: Asked): Promise<FillReply> {
  const decision = await decideTransaction(ports, asked);
  if (decision.kind === 'unheard') return unheard(ports, asked);
  if (decision.kind === 'refuse') return refused(decision.reason);
  const { confirmation, decidedBy } = decision;
  const { tokenId, details } = confirmation;
  const given = decidedBy
    ? await approvedCode(ports, asked, confirmation, decidedBy)
    : await ownCode(ports, confirmation);
  if (given.kind !== 'made') return given;
  // Once in a document, unless the customer asks: after a wrong 確認用パスワード the bank shows a new one.
  const place = `${details.confirmation} ${asked.asking.sender.documentId}`;
  const first = await claimConfirmation(tokenId, place);
  if (!first && !(await asked.byCustomer)) return refused('field-changed');
  return { kind: 'code', code: given.code };
}

type Given = FillReply | { readonly kind: 'made'; readonly code: string };

async function ownCode({ desk }: FillerPorts, { tokenId, canonical }: PendingConfirmation): Promise<Given> {
  const made = await desk.code(tokenId, canonical);
  return made.kind === 'made' ? made : refused('confirmation-missing');
}

/** The code that another device has sent, once, if it may go to the page by all that is known then. */
async function approvedCode(
  ports: FillerPorts,
  asked: Asked,
  { canonical, details }: PendingConfirmation,
  token: TokenSummary,
): Promise<Given> {
  const answer = await approval(ports, asked, { token, confirmation: details.confirmation });
  if (answer.kind !== 'approved') return answer;
  const again = await decideTransaction(ports, asked);
  // The approval stays, to be asked for again.
  if (again.kind === 'unheard') return unheard(ports, asked);
  const taken = await ports.approvals.take(answer.question);
  if (again.kind === 'refuse') return refused(again.reason);
  if (again.confirmation.canonical !== canonical) return refused('confirmation-differs');
  return taken ? { kind: 'made', code: answer.code } : refused('approval-withdrawn');
}

/**
 * Whether the code of a transaction may go to the page, by all that is known now, and the token that another device decides for.
 * `unheard`: that device would have to be asked, but the service did not say what there is to confirm.
 */
async function decideTransaction(
  { vault, isLocked, tokensOnRequest, desk }: FillerPorts,
  { asking, institution, byCustomer }: Asked,
) {
  const [askedByCustomer, locked, tokens, onRequest, { confirmations, failed }] = await Promise.all([
    byCustomer,
    isLocked(),
    vault.list(),
    tokensOnRequest(),
    desk.ofInstitution(institution),
  ]);
  const known = { askedByCustomer, locked, tokens, onRequest, confirmations };
  const decision = decideConfirmation({ ...asking, ...known });
  const decided = tokens.filter(({ decider }) => decider !== undefined);
  if (decision.kind === 'refuse') {
    const isUnheard = decision.reason === 'confirmation-missing' && failed.includes(institution);
    const asksAnother = decided.some((token) => token.institution === institution);
    return isUnheard && asksAnother ? ({ kind: 'unheard' } as const) : decision;
  }
  const { tokenId } = decision.confirmation;
  return { ...decision, decidedBy: decided.find(({ id }) => id === tokenId) };
}
