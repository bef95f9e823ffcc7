import { describe, expect, test } from 'vitest';
import { SERVING } from '../../../../bank/app.ts';
import { KINDS } from '../../../../bank/request/kinds.ts';
import { HOLD_MS } from '../../../../bank/request/status.ts';
import { isFollowing } from '../../../../bank/web/following.ts';

const ORIGIN = 'https://ib.senpoku.example';

describe.each(Object.values(KINDS))('a page that follows a request of $type', ({ pathOf }) => {
  test.each(['', '/9904'])('below "%s" does not use the session, and may be answered late', (base) => {
    const pathname = `${base}${pathOf('x')}/status`;
    expect(isFollowing(pathname)).toBe(true);
    expect(SERVING.answerWithinMs(`${ORIGIN}${pathname}?unless=waiting`)).toBeGreaterThan(HOLD_MS);
  });

  test('is not what the customer opens', () => {
    expect(isFollowing(pathOf('x'))).toBe(false);
  });
});
