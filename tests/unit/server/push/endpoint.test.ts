import { expect, test } from 'vitest';
import { readSettings } from '../../../../host/settings.ts';
import { serviceNames, serviceOf } from '../../../../server/push/endpoint.ts';

/** Where messages may go: what a device names must not have the service ask anything else. */

const { pushServices: hosts } = readSettings({});

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc:def', 'fcm.googleapis.com'],
  ['https://updates.push.services.mozilla.com/wpush/v2/gAAA', 'updates.push.services.mozilla.com'],
  ['https://web.push.apple.com/QGuQ', '*.push.apple.com'],
  ['https://wns2-by3p.notify.windows.com/w/?token=BQYAAA%3d', '*.notify.windows.com'],
])('%s is an endpoint of %s', (endpoint, service) => {
  expect(serviceOf(endpoint, { hosts })).toBe(service);
});

const FORGED = [
  'http://169.254.169.254/',
  'http://169.254.169.254/latest/meta-data/',
  'https://169.254.169.254/',
  'https://localhost/',
  'https://localhost:4600/',
  'https://127.0.0.1/',
  'http://127.0.0.1:4600/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0/',
  'https://10.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[fd00:ec2::254]/',
  'http://fcm.googleapis.com/x',
  'https://fcm.googleapis.com./x',
  'https://fcm.googleapis.com:443/x',
  'https://fcm.googleapis.com:8443/x',
  'https://user@fcm.googleapis.com/x',
  'https://user:password@fcm.googleapis.com/x',
  'https://fcm.googleapis.com@169.254.169.254/',
  'https://169.254.169.254#@fcm.googleapis.com/',
  'https://169.254.169.254\\@fcm.googleapis.com/',
  'https://fcm.googleapis.com/x#fragment',
  'https://FCM.googleapis.com/x',
  'https://fcm.googleapis.com/a/../b',
  ' https://fcm.googleapis.com/x',
  'https://fcm.goo\tgleapis.com/x',
  'https://fcm.googleapis.com.evil.test/x',
  'https://evil-fcm.googleapis.com/x',
  'https://a.fcm.googleapis.com/x',
  'https://push.apple.com/x',
  'https://evilpush.apple.com/x',
  'https://.push.apple.com/x',
  'https://ｆcm.googleapis.com/x',
  'ftp://fcm.googleapis.com/x',
  'file:///etc/passwd',
  'data:,x',
  '//fcm.googleapis.com/x',
  'fcm.googleapis.com',
  '',
];

test.each(FORGED)('nothing is sent to %j', (endpoint) => {
  expect(serviceOf(endpoint, { hosts })).toBeUndefined();
  expect(serviceOf(endpoint, { hosts, unsafeTestPort: 4601 })).toBeUndefined();
});

test('the loopback is one only on the port that tests name, by its number', () => {
  const services = { hosts, unsafeTestPort: 4600 };
  expect(serviceNames(services)).toEqual([...hosts, '127.0.0.1:4600']);
  expect(serviceOf('http://127.0.0.1:4600/p/1', services)).toBe('127.0.0.1:4600');
  for (const other of ['http://localhost:4600/', 'http://127.0.0.1:46000/', 'https://127.0.0.1:4600/']) {
    expect(serviceOf(other, services)).toBeUndefined();
  }
});

test('an operator names other services, or none, and never an address', () => {
  const services = (WARIFU_PUSH_SERVICES: string) => readSettings({ WARIFU_PUSH_SERVICES }).pushServices;
  expect(services('push.example.jp,*.notify.example.jp')).toEqual(['push.example.jp', '*.notify.example.jp']);
  expect(services('none')).toEqual([]);
  const refused = [
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '10.0.0.1',
    '[::1]',
    '*',
    '*.com:1',
    'printer.local',
  ];
  for (const host of refused) expect(() => services(host), host).toThrow('WARIFU_PUSH_SERVICES');
});
