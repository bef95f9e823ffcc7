import { describe, expect, test } from 'vitest';
import defaults from '../../../../core/institution/default.json' with { type: 'json' };
import {
  directorySchema,
  institutionSchema,
  lookOf,
  mailAddressOf,
} from '../../../../core/institution/directory.ts';
import { SENPOKU, SHINKIN } from '../../../institutions.ts';

const isTaken = (changes: object) => institutionSchema.safeParse({ ...SENPOKU, ...changes }).success;

describe('the default directory', () => {
  test('is one, and no two institutions share what tells them apart', () => {
    const { institutions } = directorySchema.parse(defaults);
    for (const distinct of ['key', 'serviceId', 'bankCode', 'name'] as const) {
      const values = institutions.map((institution) => institution[distinct]);
      expect(new Set(values).size).toBe(values.length);
    }
    const origins = institutions.flatMap(({ pageOrigins }) => pageOrigins);
    expect(new Set(origins).size).toBe(origins.length);
  });
});

describe('a directory', () => {
  test('has an institution', () => {
    expect(directorySchema.safeParse({ institutions: [] }).success).toBe(false);
    expect(directorySchema.safeParse({}).success).toBe(false);
    expect(directorySchema.safeParse({ institutions: [SENPOKU], more: 1 }).success).toBe(false);
  });

  test('an institution of the しんきん family takes no signatures: it has no pages for them', () => {
    const login = { ...SHINKIN, login: ['signed', 'code'] };
    const { error } = directorySchema.safeParse({ institutions: [login] });
    expect(error?.issues).toMatchObject([
      { path: ['institutions', 0, 'login'], message: 'SHINKIN has no pages for signed: leave login out' },
    ]);
    const later = { ...SHINKIN, rules: { ...SHINKIN.rules, reissueAfterDays: 1 } };
    expect(directorySchema.safeParse({ institutions: [later] }).error?.issues).toMatchObject([
      { path: ['institutions', 0, 'rules'], message: 'SHINKIN needs reissueAfterDays to be 0' },
    ]);
    const codes = { ...SHINKIN, login: ['code'] };
    expect(directorySchema.safeParse({ institutions: [codes] }).success).toBe(true);
  });

  test.each([
    [{ application: 'counter' }, 'SHINKIN has no pages for application counter: leave application out'],
    [{ emailPassword: true }, 'SHINKIN has no pages for a メール通知パスワード: emailPassword must be false'],
    [{ release: [{ by: 'phone' }] }, 'SHINKIN has pages for 利用中止: release needs self-service'],
  ])('an institution of the しんきん family has no rule that its pages do not keep: %j', (rule, message) => {
    const changed = { ...SHINKIN, rules: { ...SHINKIN.rules, ...rule } };
    expect(directorySchema.safeParse({ institutions: [changed] }).error?.issues).toMatchObject([
      { path: ['institutions', 0, 'rules'], message },
    ]);
  });
});

describe('an institution', () => {
  test.each(
    Object.keys(SENPOKU).filter(
      (name) => !['mailFrom', 'look', 'helpPath', 'reportsRefusedFills'].includes(name),
    ),
  )('needs its %s', (name) => {
    expect(isTaken({ [name]: undefined })).toBe(false);
  });

  test('has an address that its mails come from, its own or one of ours', () => {
    expect(mailAddressOf(SENPOKU)).toBe('otp@senpoku.example');
    expect(mailAddressOf({ ...SENPOKU, mailFrom: undefined })).toBe('senpoku@otp.example');
    expect(isTaken({ mailFrom: 'nobody' })).toBe(false);
  });

  test('may say how its pages look, in path data and nothing else', () => {
    expect(isTaken({ look: undefined })).toBe(true);
    expect(isTaken({ look: {} })).toBe(true);
    expect(isTaken({ look: { style: 'solid', mark: 'M0 0h32v32z' } })).toBe(true);
    for (const mark of ['', 'h32', 'M0 0"/><script>', 'M0 0 url(x)', `M${'0 '.repeat(1000)}`]) {
      expect(isTaken({ look: { mark } })).toBe(false);
    }
    expect(isTaken({ look: { style: 'glass' } })).toBe(false);
    expect(lookOf({ look: { style: 'band' } })).toEqual({ ...lookOf({}), style: 'band' });
  });

  test.each(['https://ib.example.jp', 'http://senpoku.localhost:4601', 'https://ib.example.jp:8443'])(
    'may have pages at %s',
    (origin) => {
      expect(isTaken({ pageOrigins: [origin] })).toBe(true);
    },
  );

  test.each([
    'https://ib.example.jp/',
    'https://ib.example.jp/ib',
    'https://ib.example.jp:443',
    'https://IB.example.jp',
    'https://user@ib.example.jp',
    '*://ib.example.jp',
    'ib.example.jp',
    'null',
    'data:text/html,',
    '',
  ])('may not have pages at %j', (origin) => {
    expect(isTaken({ pageOrigins: [origin] })).toBe(false);
  });

  test.each([
    { pageOrigins: [] },
    { serviceId: '1011223' },
    { serviceId: '101122350' },
    { serviceId: '1011223a' },
    { bankCode: '990' },
    { bankCode: '９９０４' },
    { key: 'Senpoku' },
    { key: 's' },
    { key: '9904' },
    { name: '' },
    { family: 'OTHER' },
    { accent: '#2F6F4E' },
    { accent: 'green' },
    { otp: { algorithm: 'MD5', digits: 8, period: 60 } },
    { otp: { algorithm: 'SHA-256', digits: 4, period: 60 } },
    { otp: { algorithm: 'SHA-256', digits: 8, period: 0 } },
    ...[
      { dailyLimitWithoutOtp: 0 },
      { dailyLimitWithoutOtp: 0.5 },
      { reissueAfterDays: -1 },
      { release: undefined },
      { release: [] },
      { release: [{ by: 'nobody' }] },
      { release: [{ by: 'counter' }] },
      // what customers read, in both languages
      { release: [{ by: 'counter', hours: '平日', bring: '本人確認書類' }] },
      { release: [{ by: 'counter', hours: '平日', hoursEn: 'Weekdays', bring: '本人確認書類' }] },
      { release: [{ by: 'phone', path: '/otp' }] },
    ].map((changed) => ({ rules: { ...SENPOKU?.rules, ...changed } })),
    { contact: { phone: '0120-000-004', hours: '平日 9:00〜17:00' } },
    { contact: { phone: '0120-000-004', hoursEn: 'Weekdays 9:00–17:00' } },
    { tokenKind: 'card' },
    { unknown: 'extra' },
  ])('is refused with %j', (changes) => {
    expect(isTaken(changes)).toBe(false);
  });

  const opening = (path: string) => ({
    rules: { ...SENPOKU?.rules, release: [{ by: 'self-service', path }] },
  });

  test.each(['/', '/otp', '/ib/index.do?screen=BOS001'])('may have its self-service page at %s', (path) => {
    expect(isTaken(opening(path))).toBe(true);
  });

  test.each([
    'otp',
    '',
    '//evil.example/otp',
    '/\\evil.example/otp',
    '/\t/evil.example',
    'https://evil.example/otp',
    'javascript:alert(1)',
  ])('may not lead elsewhere by %j', (path) => {
    expect(isTaken(opening(path))).toBe(false);
  });
});
