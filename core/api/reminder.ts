import { z } from 'zod';

/** The institutions of which the companion had tokens, in a cookie that the service sets and the page reads. Not secret. */
export const COMPANION_COOKIE = 'warifu-institutions';

export const COMPANION_REMINDER_PATH = '/companion/reminder';

const MOST = 20;
const BETWEEN = '.';

export const reminderRequestSchema = z.strictObject({
  institutions: z.array(z.string().regex(/^[a-z][a-z0-9-]{1,30}$/)).max(MOST),
});

/** The cookie's value. */
export const cookieOf = (institutions: readonly string[]): string => institutions.join(BETWEEN);

/** The institutions in a value of the cookie; none if the value is malformed, as anybody at the device can change it. */
export function institutionsIn(value: string): readonly string[] {
  const { data } = reminderRequestSchema.safeParse({ institutions: value.split(BETWEEN) });
  return data?.institutions ?? [];
}
