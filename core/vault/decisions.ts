import { z } from 'zod';
import { type DecisionKind, decisionKindSchema, detailsSchema } from '../api/confirmation.ts';
import type { Details } from '../transaction/details.ts';
import { withType } from '../transaction/former.ts';
import { open, type RandomBytes, seal } from './seal.ts';
import type { Sealed } from './sealed.ts';

/** A decision made on this device. */
export interface PastDecision {
  readonly tokenId: string;
  readonly decision: DecisionKind;
  readonly details: Details;
  /** Device time in milliseconds. */
  readonly decidedAt: number;
}

/** 取引認証の履歴: the decisions kept on this device, latest first. Rejects with `VaultError` where storage fails. */
export interface DecisionHistory {
  list(): Promise<readonly PastDecision[]>;
}

/** A decision as it is kept: what was decided about which transaction can be read with the history's key alone. */
export interface SealedDecision {
  /** The confirmation's id; random, and bound to what is sealed. */
  readonly id: string;
  readonly tokenId: string;
  /** Device time in milliseconds. */
  readonly decidedAt: number;
  readonly sealed: Sealed;
}

/** How many decisions are kept on a device. */
export const MOST_DECISIONS = 100;

const contentSchema = z.object({
  decision: decisionKindSchema,
  details: z.preprocess(withType, detailsSchema),
});

export async function sealDecision(
  key: CryptoKey,
  { tokenId, decision, details, decidedAt }: PastDecision,
  randomBytes: RandomBytes,
): Promise<SealedDecision> {
  const id = details.confirmation;
  const plain = new TextEncoder().encode(JSON.stringify({ decision, details }));
  return { id, tokenId, decidedAt, sealed: await seal(key, plain, id, randomBytes) };
}

/** @throws DOMException OperationError when the key, the id or any bit differs */
export async function openDecision(key: CryptoKey, kept: SealedDecision): Promise<PastDecision> {
  const { id, tokenId, decidedAt, sealed } = kept;
  const plain = new TextDecoder().decode(await open(key, sealed, id));
  return { tokenId, decidedAt, ...contentSchema.parse(JSON.parse(plain)) };
}

/** The ids to let go of, so that the latest {@link MOST_DECISIONS} stay. */
export function surplus(idsOldestFirst: readonly string[]): readonly string[] {
  return idsOldestFirst.slice(0, Math.max(0, idsOldestFirst.length - MOST_DECISIONS));
}
