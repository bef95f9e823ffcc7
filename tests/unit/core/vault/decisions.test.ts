import { describe, expect, test } from 'vitest';
import type { PastDecision } from '../../../../core/vault/decisions.ts';
import { MOST_DECISIONS, openDecision, sealDecision, surplus } from '../../../../core/vault/decisions.ts';
import { seal } from '../../../../core/vault/seal.ts';
import { detailsFor, ONE_OF_EACH } from '../transaction/example.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const key = await newKey();

const DECISION: PastDecision = {
  tokenId: 'a token',
  decision: 'confirmed',
  decidedAt: 1_795_249_200_000,
  details: detailsFor('a token'),
};

describe('a decision that is kept', () => {
  test('opens to what it was', async () => {
    expect(await openDecision(key, await sealDecision(key, DECISION, random))).toEqual(DECISION);
  });

  test.each(Object.values(ONE_OF_EACH))('opens to what it was: $type', async (transaction) => {
    const decision = { ...DECISION, details: detailsFor('a token', transaction) };
    expect(await openDecision(key, await sealDecision(key, decision, random))).toEqual(decision);
  });

  test('opens to a transfer where it is from before transactions had types', async () => {
    const { transaction, ...common } = DECISION.details;
    const { type: _type, ...transfer } = transaction;
    const content = { decision: DECISION.decision, details: { ...transfer, ...common } };
    const id = DECISION.details.confirmation;
    const sealed = await seal(key, new TextEncoder().encode(JSON.stringify(content)), id, random);
    const kept = { id, tokenId: DECISION.tokenId, decidedAt: DECISION.decidedAt, sealed };
    expect(await openDecision(key, kept)).toEqual(DECISION);
  });

  test('A22: says nothing of the transfer to who has no key', async () => {
    const kept = await sealDecision(key, DECISION, random);
    const { sealed, ...open } = kept;
    expect(open).toEqual({
      id: DECISION.details.confirmation,
      tokenId: 'a token',
      decidedAt: DECISION.decidedAt,
    });
    const text = new TextDecoder().decode(sealed);
    for (const word of ['confirmed', 'ミホン', '150000', '1234567']) expect(text).not.toContain(word);
  });

  test('does not open under another id or another key', async () => {
    const kept = await sealDecision(key, DECISION, random);
    const moved = { ...kept, id: 'BBBBBBBBBBBBBBBBBBBBBB' };
    await expect(openDecision(key, moved)).rejects.toThrow(
      expect.objectContaining({ name: 'OperationError' }),
    );
    await expect(openDecision(await newKey(), kept)).rejects.toThrow(
      expect.objectContaining({ name: 'OperationError' }),
    );
  });
});

describe('of more decisions than are kept', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `decision ${at}`);

  test.each([0, 1, MOST_DECISIONS])('none goes of %i', (count) => {
    expect(surplus(ids(count))).toEqual([]);
  });

  test.each([1, 7])('the %i oldest go', (more) => {
    expect(surplus(ids(MOST_DECISIONS + more))).toEqual(ids(more));
  });
});
