import { expect, test } from 'vitest';
import { inRounds, MOST_AT_A_TIME } from '../../../../platform/service/rounds.ts';
import { TOKEN } from './fake-service.ts';

test('each token is asked about, some at a time, and answers stand in the order of the tokens', async () => {
  const tokens = Array.from({ length: 2 * MOST_AT_A_TIME + 5 }, (_, at) => ({ ...TOKEN, id: `${at}` }));
  let open = 0;
  let most = 0;
  const answers = await inRounds(tokens, async ({ id }) => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return id;
  });
  expect(answers).toEqual(tokens.map(({ id }) => id));
  expect(most).toBe(MOST_AT_A_TIME);
});
