import { JWT_TYPES, tokenStateResponseSchema, tokenStateSchema } from '../../core/api/token.ts';
import type { TokenStanding } from '../../core/transaction/confirmations.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { Suspender, SuspensionOutcome, SuspensionRefusal } from '../../core/vault/suspender.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { readSigned } from './messages.ts';
import { type RequestPorts, sendByToken } from './token-request.ts';

export interface SuspenderPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
  /** Keeps how the token stands from then on. */
  keepStanding(standing: TokenStanding): Promise<void>;
}

export function createSuspender(ports: SuspenderPorts): Suspender {
  return {
    async suspend(token) {
      try {
        return await suspend(ports, token);
      } catch (error) {
        return refused(isLockedError(error) ? 'locked' : 'vault');
      }
    },
  };
}

async function suspend(ports: SuspenderPorts, token: TokenSummary): Promise<SuspensionOutcome> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return refused('untrusted');
  const keys = await ports.keys.signing(token.id);
  const reply = await sendByToken(ports, { institution, keys, method: 'POST', path: '/v1/token/suspend' });
  if (reply.kind === 'unreachable') return refused('unreachable');
  if (reply.kind === 'refused') return refused(refusalOf(reply.status));
  const { data } = tokenStateResponseSchema.safeParse(reply.answer);
  const signed = data && (await readSigned(institution, JWT_TYPES.tokenState, data.state, tokenStateSchema));
  const isAnswer = signed?.tokenId === token.id && signed.proof === reply.proof;
  if (!isAnswer || signed.status !== 'suspended') return refused('untrusted');
  const expiresAt = signed.expiresAt === undefined ? token.expiresAt : Date.parse(signed.expiresAt);
  const standing = { tokenId: token.id, status: signed.status, expiresAt };
  // It is suspended also where that cannot be kept.
  await ports.keepStanding(standing).catch(() => undefined);
  return { kind: 'suspended', standing };
}

function refusalOf(status: number): SuspensionRefusal {
  if (status === 401) return 'clock';
  if (status === 403) return 'by-staff';
  return status === 404 || status === 409 ? 'over' : 'unreachable';
}

const refused = (reason: SuspensionRefusal): SuspensionOutcome => ({ kind: 'refused', reason });
