import { type Approval, approvalResponseSchema, approvalSchema } from '../../core/api/approval.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { ApprovalRefusal } from '../../core/autofill/approval.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { readSigned } from './messages.ts';
import {
  type RequestPorts,
  refusalOf,
  sendByToken,
  type TokenReply,
  type TokenRequest,
} from './token-request.ts';

interface ApprovalRequestPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
}

/** How a question stands, by the service's word; or why that is not known. */
export type Heard =
  | { readonly kind: 'heard'; readonly approval: Approval }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal }
  /** The same request can be sent again. */
  | { readonly kind: 'unanswered'; readonly reason: ApprovalRefusal; readonly retryAfterMs: number };

/** Asks a token's service about a question (docs/PROTOCOL.md, Approvals). */
export async function requestApproval(
  ports: ApprovalRequestPorts,
  token: TokenSummary,
  asked: Pick<TokenRequest, 'method' | 'path' | 'body' | 'wait'>,
): Promise<Heard> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return refused('approval-unpaired');
  const reply = await sendByToken(ports, { institution, keys: await ports.keys.signing(token.id), ...asked });
  return heardOf(institution, reply);
}

const refused = (reason: ApprovalRefusal) => ({ kind: 'refused', reason }) as const;

async function heardOf(institution: PinnedInstitution, reply: TokenReply): Promise<Heard> {
  if (reply.kind === 'unreachable')
    return { kind: 'unanswered', reason: 'approval-unreachable', retryAfterMs: 0 };
  if (reply.kind === 'refused') {
    const { status, code, retryAfterMs } = reply;
    const reason = reasonOf(status, code);
    return refusalOf(status) === 'unreachable'
      ? { kind: 'unanswered', reason, retryAfterMs }
      : refused(reason);
  }
  const { data } = approvalResponseSchema.safeParse(reply.answer);
  const approval = data && (await readSigned(institution, JWT_TYPES.approval, data.approval, approvalSchema));
  if (approval?.proof !== reply.proof) return refused('approval-untrusted');
  return { kind: 'heard', approval };
}

function reasonOf(status: number, code: string | undefined): ApprovalRefusal {
  switch (status) {
    case 400:
    case 401:
      return 'clock';
    case 403:
      return 'approval-unpaired';
    case 404:
      return GONE.get(code ?? '') ?? 'approval-unreachable';
    case 409:
      return 'token-over';
    case 429:
      return 'approval-limited';
    default:
      return 'approval-unreachable';
  }
}

/** By the code of a 404: the device was removed, or the token is gone with all of them; the question was forgotten after its end. */
const GONE: ReadonlyMap<string, ApprovalRefusal> = new Map([
  ['token_unknown', 'approval-unpaired'],
  ['not_found', 'approval-expired'],
]);
