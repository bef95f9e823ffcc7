import { expect, test } from 'vitest';
import { DETAILS } from '../service/fake-service.ts';
import { enrol, NOW, random, SUMMARY, startContext } from './fresh-vault.ts';
import { UnrulyDisk } from './unruly-disk.ts';

test('a decision that cannot be read hides no other', async () => {
  const context = await startContext(new UnrulyDisk());
  await enrol(context);
  const decided = (confirmation: string, decidedAt: number) =>
    ({
      tokenId: SUMMARY.id,
      decision: 'confirmed',
      details: { ...DETAILS, confirmation },
      decidedAt,
    }) as const;
  const [first, second, third] = ['A', 'B', 'C'].map((letter, at) => decided(letter.repeat(22), NOW + at));
  for (const one of [first, second, third]) if (one) await context.history.keepDecision(one, random);
  const db = await context.database();
  const kept = await db.get('decisions', 'B'.repeat(22));
  if (!kept) throw new Error('it was kept');
  await db.put('decisions', { ...kept, sealed: kept.sealed.toReversed() });
  expect(await context.history.decisionHistory.list()).toEqual([third, first]);
});
