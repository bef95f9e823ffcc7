import { z } from 'zod';

/** Which institutions the companion had tokens of: a cookie that the page reads and the service sets. Not secret. */
export const COMPANION_COOKIE = 'warifu-institutions';

export const COMPANION_REMINDER_PATH = '/companion/reminder';

const MOST = 20;
const BETWEEN = '.';

export const reminderRequestSchema = z.strictObject({
  institutions: z.array(z.string().regex(/^[a-z][a-z0-9-]{1,30}$/)).max(MOST),
});

/** The cookie's value. */
export const cookieOf = (institutions: readonly string[]): string => institutions.join(BETWEEN);

/** What a value of the cookie says; nothing where it is not one of the service's, for anybody at the device can change it. */
export function institutionsIn(value: string): readonly string[] {
  const { data } = reminderRequestSchema.safeParse({ institutions: value.split(BETWEEN) });
  return data?.institutions ?? [];
}
