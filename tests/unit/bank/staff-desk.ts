import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import type { StaffRole } from '../../../bank/store/schema.ts';
import type { Browser } from './browser.ts';
import { STAFF } from './browser.ts';
import type { TestBank } from './test-bank.ts';

/** A clerk at the console. */

/** A browser at the console, with nobody signed in. */
export const consoleBrowser = (bank: TestBank): Browser => bank.browser({ origin: STAFF, base: '' });

export async function signIn(
  browser: Browser,
  institution = 'senpoku',
  password = DEMO_STAFF.clerk.password,
  staffId = DEMO_STAFF.clerk.staffId,
) {
  await browser.open('/sign-in');
  return browser.send('/sign-in', { institution, staff_id: staffId, password });
}

/** A browser with a member of the institution's demo staff signed in, by default the clerk. */
export async function clerkAt(
  bank: TestBank,
  institution = 'senpoku',
  role: StaffRole = 'clerk',
): Promise<Browser> {
  const browser = consoleBrowser(bank);
  await signIn(browser, institution, undefined, DEMO_STAFF[role].staffId);
  return browser;
}

export const pathOf = (act: string, customer = 'senpoku-taro0001') => `/customers/${customer}/acts/${act}`;

/** Continues up to the confirmation. */
export async function askFor(
  browser: Browser,
  act: string,
  {
    customer,
    ...typed
  }: { customer?: string; reason?: string; email?: string; limit?: string; device?: string } = {},
) {
  const path = pathOf(act, customer);
  await browser.open(path);
  return browser.send(`${path}/confirm`, { reason: '窓口での申し出', ...typed });
}

/** Continues as far as one clerk can: to the record, or to the proposal. */
export async function ask(browser: Browser, name: string, more: Parameters<typeof askFor>[2] = {}) {
  await askFor(browser, name, more);
  return browser.send(pathOf(name, more.customer), asked(browser));
}

/** Ticks every question of the confirmation. */
export const asked = ({ seen }: Browser): Record<string, string> =>
  Object.fromEntries([...seen.html.matchAll(/name="(asked-\d+)"/g)].map(([, name = '']) => [name, 'yes']));

/** Does an act to its end: if it needs an approval, a supervisor approves it at another desk. Ends on its record. */
export async function act(browser: Browser, name: string, more: Parameters<typeof askFor>[2] = {}) {
  const asked = await ask(browser, name, more);
  if (!asked.path.startsWith('/proposals/')) return asked;
  const supervisor = browser.another();
  const [institution] = (more.customer ?? 'senpoku-').split('-');
  await signIn(supervisor, institution, undefined, DEMO_STAFF.supervisor.staffId);
  const approved = await decide(supervisor, asked.path, 'approved');
  return approved.status === 200 ? browser.open(approved.path) : approved;
}

/** A supervisor decides the proposal at a path. */
export async function decide(
  browser: Browser,
  path: string,
  decision: 'approved' | 'declined',
  reason = '本人確認済み',
) {
  await browser.open(path);
  return browser.send(`${path}/decide`, { decision, reason });
}

/** The records of a customer's acts, oldest first. */
export const recorded = async ({ db }: TestBank, customer = 'senpoku-taro0001') =>
  (
    await db
      .selectFrom('staff_acts')
      .select(['act', 'outcome', 'reason', 'staff_id', 'institution'])
      .where('customer_id', '=', customer)
      .orderBy('id')
      .execute()
  ).map(({ act, outcome }) => `${act} ${outcome}`);

/** What the token service says to one that asks too often. */
export const askedTooOften = () =>
  Response.json(
    { type: 'about:blank', title: 'x', status: 429, code: 'rate_limited' },
    { status: 429, headers: { 'retry-after': '1' } },
  );

/** The next write is done and its answer lost; what comes after it finds the service busy. */
export function loseFirstAnswer(bank: TestBank): void {
  const { app } = bank.service;
  let isLost = false;
  bank.replaceService({
    request: async (url, init) => {
      if (init.method !== 'POST') return app.request(url, init);
      if (isLost) return askedTooOften();
      isLost = true;
      await app.request(url, init);
      throw new TypeError('terminated');
    },
  });
}
