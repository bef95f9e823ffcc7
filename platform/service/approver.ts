import {
  approvalResponseSchema,
  approvalSchema,
  approvalsResponseSchema,
  approvalsSchema,
  type SignedDecision,
} from '../../core/api/approval.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import { textDigest } from '../../core/digest.ts';
import { FAMILIES } from '../../core/family/families.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { codeAt, remainingMs, stepAt } from '../../core/otp/totp.ts';
import { encryptCode, readApprovalRequest } from '../../core/pairing/messages.ts';
import type {
  ApprovalDecision,
  ApprovalOutcome,
  Approvals,
  PendingApproval,
  WaitingApprovals,
} from '../../core/transaction/approvals.ts';
import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { Peer } from '../../core/vault/peers.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenVault } from '../../core/vault/vault.ts';
import { institutionByKey } from '../directory.ts';
import type { claimStep } from '../storage/filled.ts';
import type { Peers } from '../storage/peers.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import type { Confirmer } from './confirmer.ts';
import { readSigned } from './messages.ts';
import { signByToken } from './proof.ts';
import { inRounds } from './rounds.ts';
import { type RequestPorts, refusalOf, sendByToken, serviceTime } from './token-request.ts';

export interface ApproverPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
  readonly vault: Pick<TokenVault, 'list' | 'openKey'>;
  readonly peers: Pick<Peers, 'of' | 'tokens'>;
  readonly confirmer: Pick<Confirmer, 'code'>;
  readonly claimStep: typeof claimStep;
}

/** The half of 承認 on the phone: what paired desktops ask, and the answers. Nothing rejects. */
export interface Approver extends Approvals {
  /** What waits for some tokens; undefined where none of them is paired. */
  latest(tokens: readonly TokenSummary[]): Promise<WaitingApprovals | undefined>;
}

export function createApprover(ports: ApproverPorts): Approver {
  /** The latest decision, to be sent again as it is where its answer was lost: its code was taken. */
  const latest: Latest = {};
  return {
    async latest(tokens) {
      const paired = await ports.peers.tokens().catch(() => new Set<string>());
      const asked = tokens.filter(({ id }) => paired.has(id));
      if (asked.length === 0) return undefined;
      const answers = await inRounds(asked, (token) => live(ports, token).catch(() => undefined));
      return {
        approvals: answers.flatMap((answer) => answer ?? []),
        unheard: asked.flatMap(({ id }, at) => (answers[at] === undefined ? [id] : [])),
      };
    },
    async decide(...decided) {
      try {
        return await decide(ports, latest, ...decided);
      } catch (error) {
        return refused(isLockedError(error) ? 'locked' : 'vault');
      }
    },
  };
}

const refused = (reason: DecisionRefusal): ApprovalOutcome => ({ kind: 'refused', reason });

async function live(ports: ApproverPorts, token: TokenSummary): Promise<PendingApproval[] | undefined> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return undefined;
  const keys = await ports.keys.signing(token.id);
  const asked = ports.clock();
  const reply = await sendByToken(ports, { institution, keys, method: 'GET', path: '/v1/token/approvals' });
  if (reply.kind !== 'answered') return undefined;
  const { data } = approvalsResponseSchema.safeParse(reply.answer);
  const told = data && (await readSigned(institution, JWT_TYPES.approvals, data.approvals, approvalsSchema));
  if (told?.tokenId !== token.id || told.proof !== reply.proof) return undefined;
  const peers = await ports.peers.of(token.id);
  const read = await Promise.all(
    told.approvals.map(({ request, jkt, expiresAt }) => {
      const until = asked + Date.parse(expiresAt) - told.now;
      return readRequest(
        institution,
        token,
        request,
        until,
        peers.find((peer) => peer.jkt === jkt),
      );
    }),
  );
  return read.flatMap((one) => one ?? []);
}

/** Takes a request only by the key that was kept of its desktop, and of a screen that the institution has. */
async function readRequest(
  institution: PinnedInstitution,
  token: TokenSummary,
  request: string,
  until: number,
  desktop: Peer | undefined,
): Promise<PendingApproval | undefined> {
  const asked = desktop && (await readApprovalRequest(request, desktop.signingKey));
  if (asked?.tokenId !== token.id) return undefined;
  const screen = Object.values(FAMILIES[institution.family]?.screens ?? {}).find(
    ({ id, asks }) => id === asked.screen && asks !== undefined,
  );
  const isForTransaction = screen?.asks?.code === 'confirmation';
  if (screen === undefined || isForTransaction !== (asked.confirmation !== undefined)) return undefined;
  return {
    id: asked.approval,
    tokenId: token.id,
    institution: institution.key,
    desktop: desktop?.device.name ?? '',
    origin: asked.origin,
    isOwnOrigin: institution.pageOrigins.includes(asked.origin),
    screen: screen.heading,
    number: asked.number,
    confirmation: asked.confirmation,
    until,
    request,
  };
}

async function decide(
  ports: ApproverPorts,
  latest: Latest,
  approval: PendingApproval,
  decision: ApprovalDecision,
  canonical?: string,
): Promise<ApprovalOutcome> {
  const token = (await ports.vault.list()).find(({ id }) => id === approval.tokenId);
  const institution = institutionByKey(approval.institution);
  if (token === undefined || institution === undefined) return refused('vault');
  const keys = await ports.keys.signing(token.id);
  const name = `${approval.id} ${decision}`;
  if (latest.name !== name) {
    const made = await answerTo(ports, token, approval, decision, canonical);
    if (made.kind !== 'made') return made;
    latest.jws = await signByToken(keys, JWT_TYPES.approvalDecision, { ...made.answer });
    latest.name = name;
  }
  const path = `/v1/token/approvals/${approval.id}/decision`;
  const reply = await sendByToken(ports, {
    institution,
    keys,
    method: 'POST',
    path,
    body: { decision: latest.jws },
  });
  if (reply.kind === 'unreachable') return refused('unreachable');
  if (reply.kind === 'refused') return refused(refusalOf(reply.status));
  const { data } = approvalResponseSchema.safeParse(reply.answer);
  const told = data && (await readSigned(institution, JWT_TYPES.approval, data.approval, approvalSchema));
  if (told?.approval !== approval.id || told.proof !== reply.proof) return refused('untrusted');
  return told.status === decision ? { kind: 'decided' } : refused('gone');
}

interface Latest {
  name?: string;
  jws?: string;
}

type Made =
  | { readonly kind: 'made'; readonly answer: SignedDecision }
  | Exclude<ApprovalOutcome, { kind: 'decided' }>;

/** The decision to sign; an approving one with the code, which only its desktop can read. */
async function answerTo(
  ports: ApproverPorts,
  token: TokenSummary,
  { id, request, isOwnOrigin, confirmation }: PendingApproval,
  decision: ApprovalDecision,
  canonical: string | undefined,
): Promise<Made> {
  const named = { approval: id, request: await textDigest(request) };
  if (decision !== 'approved') return { kind: 'made', answer: { ...named, decision } };
  if (!isOwnOrigin) return { kind: 'refused', reason: 'untrusted' };
  const receivingKey = await receivingKeyOf(ports, token, request);
  if (receivingKey === undefined) return { kind: 'refused', reason: 'gone' };
  const made =
    confirmation === undefined ? await password(ports, token) : await codeOf(ports, token, canonical);
  if (made.kind !== 'code') return made;
  const code = await encryptCode(made.code, receivingKey);
  return { kind: 'made', answer: { ...named, decision, code } };
}

/** Of the desktop whose request it is, as it was kept from the pairing. */
async function receivingKeyOf({ peers }: ApproverPorts, token: TokenSummary, request: string) {
  for (const { signingKey, receivingKey } of await peers.of(token.id)) {
    if (await readApprovalRequest(request, signingKey)) return receivingKey;
  }
  return undefined;
}

type Code = { readonly kind: 'code'; readonly code: string } | Exclude<Made, { kind: 'made' }>;

/** The one-time password of a step that went to no page before. */
async function password(ports: ApproverPorts, token: TokenSummary): Promise<Code> {
  const timeMs = await serviceTime(ports, token.institution);
  if (timeMs === undefined) return { kind: 'refused', reason: 'unreachable' };
  const key = await ports.vault.openKey(token.id);
  if (!(await ports.claimStep(token.id, stepAt(timeMs, token.parameters))))
    return { kind: 'wait', waitMs: remainingMs(timeMs, token.parameters) };
  return { kind: 'code', code: await codeAt(key, token.parameters, timeMs) };
}

/** The code of a transaction that its service says now is confirmed. */
async function codeOf(
  { confirmer }: ApproverPorts,
  token: TokenSummary,
  canonical: string | undefined,
): Promise<Code> {
  if (canonical === undefined) return { kind: 'refused', reason: 'gone' };
  const made = await confirmer.code(token, canonical);
  if (made.kind === 'made') return { kind: 'code', code: made.code };
  return { kind: 'refused', reason: made.kind === 'none' ? 'gone' : 'unreachable' };
}
