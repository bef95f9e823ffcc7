/** The institutions of which the companion had tokens, in a cookie that the service sets and the page reads. Not secret. */
export const COMPANION_COOKIE = 'warifu-institutions';

/** Where the service sets it. */
export const COMPANION_REMINDER_PATH = '/companion/reminder';

export const MOST_REMEMBERED = 20;
export const INSTITUTION_KEY = /^[a-z][a-z0-9-]{1,30}$/;
const BETWEEN = '.';

/** The cookie's value. */
export const cookieOf = (institutions: readonly string[]): string => institutions.join(BETWEEN);

/** The institutions in a value of the cookie; none if the value is malformed, as anybody at the device can change it. */
export function institutionsIn(value: string): readonly string[] {
  const keys = value.split(BETWEEN);
  return keys.length <= MOST_REMEMBERED && keys.every((key) => INSTITUTION_KEY.test(key)) ? keys : [];
}
