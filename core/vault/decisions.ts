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

/** 取引認証の履歴: the decisions stored on this device, latest first. Rejects with `VaultError` if storage fails. */
export interface DecisionHistory {
  list(): Promise<readonly PastDecision[]>;
}

/** A stored decision. Only the key of the history can read what was decided about which transaction. */
export interface SealedDecision {
  /** The confirmation's id, which is random and bound to the sealed content. */
  readonly id: string;
  readonly tokenId: string;
  /** Device time in milliseconds. */
  readonly decidedAt: number;
  readonly sealed: Sealed;
}

/** Most decisions stored on a device. */
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

/** @throws DOMException OperationError if the key, the id or any bit differs */
export async function openDecision(key: CryptoKey, kept: SealedDecision): Promise<PastDecision> {
  const { id, tokenId, decidedAt, sealed } = kept;
  const plain = new TextDecoder().decode(await open(key, sealed, id));
  return { tokenId, decidedAt, ...contentSchema.parse(JSON.parse(plain)) };
}

/** Ids to delete, so that the latest {@link MOST_DECISIONS} stay. */
export function surplus(idsOldestFirst: readonly string[]): readonly string[] {
  return idsOldestFirst.slice(0, Math.max(0, idsOldestFirst.length - MOST_DECISIONS));
}
