import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { DEFAULT_DIRECTORY } from '../../institutions.ts';
import type { Browser } from './browser.ts';
import { logIn, type TestBank, useTestBank } from './test-bank.ts';

/** お困りのとき: the page of each institution follows the institution's own rules. */

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const at = ({ pageOrigins: [origin = ''] }: { pageOrigins: readonly string[] }) =>
  bank.browser({ origin, base: '' });

/** The text under one heading. */
const said = (html: string, id: string) => new RegExp(`<div id="${id}"[\\s\\S]*?</ol>`).exec(html)?.[0] ?? '';

const HEADINGS = ['lost', 'broken', 'new-device', 'refused', 'locked', 'suspended', 'ending', 'unknown'];

const ANSER = DEFAULT_DIRECTORY.institutions.filter(({ family }) => family === 'ANSER');

describe.each(ANSER.map((institution) => [institution.name, institution] as const))(
  '%s',
  (_, institution) => {
    const { rules, contact } = institution;

    test('says first whom to call and when, then what to do about each trouble', async () => {
      const { html, text, screenId, status } = await at(institution).open('/help');
      expect({ screenId, status }).toEqual({ screenId: 'BHP001', status: 200 });
      expect(html).toContain(`href="tel:${contact.phone}"`);
      expect(text).toContain(`お電話の受付時間 ${contact.hours}`);
      const counter = rules.release.find(({ by }) => by === 'counter');
      if (counter?.by === 'counter') {
        expect(text).toContain(counter.hours);
        expect(text).toContain(counter.bring);
      }
      for (const id of HEADINGS) expect([id, said(html, id)]).not.toEqual([id, '']);
      expect(html.indexOf('tel:')).toBeLessThan(html.indexOf('id="lost"'));
    });

    test('links only to what the customer may do here', async () => {
      const { html } = await at(institution).open('/help');
      const online = rules.release.some(({ by }) => by === 'self-service');
      expect(said(html, 'lost').includes('href="/login/suspend"')).toBe(rules.suspend !== 'staff');
      expect(said(html, 'new-device').includes('href="/otp/replace"')).toBe(online);
      expect(said(html, 'new-device').includes('href="/otp/release"')).toBe(online);
      expect(said(html, 'ending')).toContain('href="/otp/renew"');
      const byPhone = rules.release.some(({ by }) => by === 'phone');
      expect(said(html, 'broken').includes('お電話または')).toBe(byPhone);
    });

    test('its numbers are those of the policy, and it says no length: tokens that are out may have another', async () => {
      const { html } = await at(institution).open('/help');
      expect(said(html, 'refused')).not.toContain('桁');
      expect(said(html, 'refused')).toContain(`${DEFAULT_POLICY.wrongCodesToLock}回`);
      expect(said(html, 'ending')).toContain(`${DEFAULT_POLICY.warnDays}日前から`);
      expect(said(html, 'ending')).toContain(`${DEFAULT_POLICY.validUntilHour}時（日本時間）`);
    });
  },
);

describe('is reached', () => {
  test.each(['/', '/top', '/otp', '/nowhere', '/login/stopped', '/login/suspended', '/login/expired'])(
    'from %s',
    async (path) => {
      const { html } = await browser.open(path);
      expect(html).toContain('<a class="help-link" href="/help"');
    },
  );

  test('from the page of the login that asks for a code, and the login goes on afterwards', async () => {
    const customer = bank.browser();
    await logIn(customer);
    const before = customer.seen.screenId;
    expect((await customer.open('/help')).screenId).toBe('BHP001');
    expect((await customer.open('/')).screenId).toBe(before);
  });

  test('by a customer who is logged in, and the menu stays', async () => {
    expect((await browser.open('/help')).html).toContain('class="menu"');
    expect((await bank.browser().open('/help')).html).not.toContain('class="menu"');
  });

  test('and its links lead a customer who is not logged in to the login', async () => {
    const stranger = bank.browser();
    for (const path of ['/login/suspend', '/otp/replace', '/otp/renew', '/otp/release', '/otp']) {
      expect([path, (await stranger.open(path)).screenId]).toEqual([path, 'BLI001']);
    }
  });
});
