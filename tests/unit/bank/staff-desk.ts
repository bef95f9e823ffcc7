import { DEMO_CLERK } from '../../../bank/store/demo-staff.ts';
import type { Browser } from './browser.ts';
import { STAFF } from './browser.ts';
import type { TestBank } from './test-bank.ts';

/** A clerk at the console. */

/** A browser at the console, with nobody signed in. */
export const consoleBrowser = (bank: TestBank): Browser => bank.browser({ origin: STAFF, base: '' });

export async function signIn(
  browser: Browser,
  institution = 'senpoku',
  password = DEMO_CLERK.password,
  staffId = DEMO_CLERK.staffId,
) {
  await browser.open('/sign-in');
  return browser.send('/sign-in', { institution, staff_id: staffId, password });
}

/** A browser with the institution's demo clerk signed in. */
export async function clerkAt(bank: TestBank, institution = 'senpoku'): Promise<Browser> {
  const browser = consoleBrowser(bank);
  await signIn(browser, institution);
  return browser;
}

export const pathOf = (act: string, customer = 'senpoku-taro0001') => `/customers/${customer}/acts/${act}`;

/** As far as the confirmation. */
export async function askFor(
  browser: Browser,
  act: string,
  { customer, ...typed }: { customer?: string; reason?: string; email?: string } = {},
) {
  const path = pathOf(act, customer);
  await browser.open(path);
  return browser.send(`${path}/confirm`, { reason: '窓口での申し出', ...typed });
}

/** To its end. */
export async function act(browser: Browser, name: string, more: Parameters<typeof askFor>[2] = {}) {
  await askFor(browser, name, more);
  return browser.send(pathOf(name, more.customer));
}

/** What is written of a customer's acts, oldest first. */
export const recorded = async ({ db }: TestBank, customer = 'senpoku-taro0001') =>
  (
    await db
      .selectFrom('staff_acts')
      .select(['act', 'outcome', 'reason', 'staff_id', 'institution'])
      .where('customer_id', '=', customer)
      .orderBy('id')
      .execute()
  ).map(({ act, outcome }) => `${act} ${outcome}`);
