import { expect, test } from 'vitest';
import { measuredIn } from '../../../bank/metrics.ts';
import { OutageError } from '../../../core/errors.ts';
import { type TestBank, useTestBank } from './test-bank.ts';

let bank: TestBank;

useTestBank((stage) => {
  ({ bank } = stage);
});

test('a reading before the database is open fails at once: those that waited would all be done together', async () => {
  const opening = Promise.withResolvers<Pick<TestBank, 'db'>>();
  const { read } = measuredIn(opening.promise, Date.now);
  await expect(Promise.race([read(), Promise.resolve('pending')])).rejects.toThrow(OutageError);
  opening.resolve(bank);
  await opening.promise;
  await read();
});
