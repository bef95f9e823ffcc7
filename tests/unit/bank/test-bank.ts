import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createRemoteJWKSet, customFetch } from 'jose';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import type { BankDependencies } from '../../../bank/context.ts';
import { createPasswordChecks } from '../../../bank/customer/password-checks.ts';
import { startOfJapaneseDay } from '../../../bank/format.ts';
import { createMessages } from '../../../bank/inbox/messages.ts';
import { startSmtpSink } from '../../../bank/inbox/smtp.ts';
import { deriveBankKeys } from '../../../bank/keys.ts';
import { createMailer, senders } from '../../../bank/mail/mailer.ts';
import { deliverDue } from '../../../bank/mail/outbox.ts';
import { demoLogins } from '../../../bank/start/places.ts';
import { seedDemoCustomers } from '../../../bank/store/demo.ts';
import { seedDemoStaff } from '../../../bank/store/demo-staff.ts';
import { createServiceClient } from '../../../bank/token/client.ts';
import { createStaffClient } from '../../../bank/token/staff-client.ts';
import { loadAssets } from '../../../bank/web/assets.ts';
import type { ConfirmationMode } from '../../../core/api/confirmation.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import type { Policy } from '../../../core/institution/policy.ts';
import { systemRandomBytes } from '../../../host/random.ts';
import { trustedProxies } from '../../../host/source.ts';
import { createService } from '../../../server/app.ts';
import { bankChannel } from '../../../server/bank-events.ts';
import { deliverDue as pushDue } from '../../../server/deliver.ts';
import { RATES } from '../../../server/limits.ts';
import { BANK_CHANNELS } from '../../../server/store/schema.ts';
import { openBankMemory, openServiceMemory } from '../../service/memory.ts';
import {
  type Customer,
  createTestService,
  customerOf,
  defaultInstitutions,
  ORIGIN,
  wrongCode,
} from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import { BANK, Browser, type Place, STAFF } from './browser.ts';
import { atOnce, keepBank, keepService, RESET_BANK, RESET_SERVICE } from './kept-rows.ts';

/** Cheap for tests: what is tested is that it is scrypt, not how long it takes. */
const COST = { N: 16, r: 8, p: 1 };

const UNLIMITED = { atOnce: 10_000, everyMs: 1 };

export const ACTIVATION_PASSWORD = '2468';
export const EMAIL = 'taro@example.jp';

/** How the way to the token service behaves. `lost`: the service does its work and the answer is dropped. */
export type Connection = 'up' | 'down' | 'lost';

interface Way {
  connection: Connection;
  /** What the service says when it was asked too often, unless it is left to say it. */
  retryAfter: string | undefined;
}

export type TestBank = Awaited<ReturnType<typeof createTestBank>>;

/** The real bank before the real token service, both on databases in memory, with a real mail sink between. */
export async function createTestBank({
  confirmation = 'approve',
  policy,
  institutions = defaultInstitutions(confirmation).map((one) => ({ ...one, policy })),
  loginRates = () => ({ source: UNLIMITED, loginId: UNLIMITED }),
  openBank = openBankMemory,
}: {
  confirmation?: ConfirmationMode;
  policy?: Policy;
  /** Whom the bank is of; those of the default directory where nobody is named. */
  institutions?: Institution[];
  loginRates?: BankDependencies['loginRates'];
  openBank?: typeof openBankMemory;
} = {}) {
  const directory = { institutions };
  const serviceDatabase = await openServiceMemory();
  // What a test took before the clock is set back for the next one counts in no limit so short.
  const rates = { ...RATES, staff: UNLIMITED };
  const service = await createTestService(serviceDatabase, { institutions, rates });
  const { db, wakes, close } = await openBank();
  const messages = createMessages();
  const clock = service.clock.now;
  const sink = await startSmtpSink(messages, clock, 0);
  const mailer = createMailer(`smtp://127.0.0.1:${sink.port}`);
  const log: string[] = [];
  const calls: { path: string; key: string | null }[] = [];
  const way: Way = { connection: 'up', retryAfter: undefined };
  let kept = {
    clockMs: 0,
    calls: [...calls],
    messages: messages.list(),
    bank: RESET_BANK,
    service: RESET_SERVICE,
  };
  const common = {
    directory,
    db,
    clock,
    randomBytes: systemRandomBytes,
    logger: pino({}, { write: (line: string) => log.push(line) }),
    keys: await deriveBankKeys(systemRandomBytes(32)),
  };
  await seedDemoCustomers(db, directory.institutions, { ...common, passwordCost: COST });
  await seedDemoStaff(db, directory.institutions, COST);
  let serviceApp: { request(url: string, init: RequestInit): Response | Promise<Response> } = service.app;
  const overTheWay = async (url: string, init: RequestInit) => {
    const path = new URL(url).pathname;
    calls.push({ path, key: new Headers(init.headers).get('idempotency-key') });
    if (way.connection === 'down') throw new TypeError('fetch failed');
    const response = await serviceApp.request(url, init);
    if (way.connection === 'lost' && init.method === 'POST') throw new TypeError('terminated');
    if (way.retryAfter !== undefined && response.status === 429) {
      response.headers.set('retry-after', way.retryAfter);
    }
    return response;
  };
  /** Each institution with keys of its own, of both kinds. */
  const keys = new Map<string, { bank: string; staff: string }>();
  for (const { key } of institutions) {
    const own = key !== 'senpoku' && {
      bank: await service.keyOf('bank', key),
      staff: await service.keyOf('staff', key),
    };
    keys.set(key, own || { bank: service.apiKey, staff: service.staffKey });
  }
  const optionsOf = (institution: string, kind: 'bank' | 'staff') => ({
    url: ORIGIN,
    apiKey: () => keys.get(institution)?.[kind],
    fetch: overTheWay,
  });
  const serviceFor = ({ key }: Pick<Institution, 'key'>) => createServiceClient(optionsOf(key, 'bank'));
  const stopping = new AbortController();
  const outbox = { ...common, mailer, senderOf: senders(directory) };
  const bankDependencies: BankDependencies = {
    ...common,
    wakes,
    capacity: { waiters: 100 },
    serviceFor,
    staff: {
      origin: STAFF,
      serviceFor: ({ key }) => createStaffClient(optionsOf(key, 'staff')),
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    passwordCost: COST,
    passwordChecks: createPasswordChecks(),
    loginRates,
    trustedProxies: trustedProxies(''),
    assets: loadAssets(directory),
    start: {
      origin: 'http://banks.localhost:4601',
      inboxOrigin: 'http://inbox.localhost:4602',
      staffOrigin: 'http://staff.localhost:4601',
      demo: demoLogins(),
    },
    wakeOutbox: () => {},
    eventKeys: createRemoteJWKSet(new URL('/v1/keys', ORIGIN), {
      [customFetch]: async (url, init) => service.app.request(url, init),
    }),
    stopping: stopping.signal,
  };
  const bank = createBank(bankDependencies);
  const server = createAdaptorServer({ fetch: bank.fetch, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const urls = new Map([['senpoku', `http://127.0.0.1:${port}/events`]]);
  const toBank = BANK_CHANNELS.map((name) => bankChannel(name, service.dependencies, urls));

  return {
    bank,
    dependencies: bankDependencies,
    db,
    service,
    messages,
    outbox,
    log,
    calls,
    way,
    directory,
    port,
    stopping: stopping.signal,
    /** What works beside the requests works with. */
    chores: { ...common, serviceFor, staff: bankDependencies.staff, wakeOutbox: () => {} },
    /** Has the service push what it has to tell. @returns how many events it pushed */
    deliverEvents: async () => {
      let pushed = 0;
      for (const channel of toBank) pushed += await pushDue(service.dependencies, channel, 'senpoku');
      return pushed;
    },
    browser: (place: Place = { origin: BANK, base: '' }) => new Browser(bank, place),
    /** Bank and service end and start again on their databases. @returns the browser as it was, at the new bank */
    restart: (browser: Browser) => {
      serviceApp = createService(service.dependencies);
      return browser.copy(createBank(bankDependencies));
    },
    /** What the token service is asked to do next, it does; then nobody reaches it. */
    loseServiceAfterNextPost: () => {
      serviceApp = {
        request: async (url, init) => {
          const answer = await service.app.request(url, init);
          if (init.method !== 'POST') return answer;
          way.connection = 'down';
          throw new TypeError('terminated');
        },
      };
    },
    /** Puts something else where the token service was. */
    replaceService: (app: typeof serviceApp) => {
      serviceApp = app;
    },
    /** Moves both clocks on. */
    advance: (ms: number) => service.clock.move(clock() - Date.now() + ms),
    /** Moves both clocks to an hour of the present day in Japan. */
    toHour: (hour: number) =>
      service.clock.move(startOfJapaneseDay(clock(), 0) + hour * 60 * 60_000 - Date.now()),
    /**
     * Everything as at the first start, or as it was kept, but for what is never deleted: databases are slow to make anew, and
     * so is what many tests begin with.
     */
    reset: async () => {
      serviceApp = service.app;
      way.connection = 'up';
      way.retryAfter = undefined;
      service.clock.move(kept.clockMs);
      log.length = 0;
      calls.splice(0, calls.length, ...kept.calls);
      messages.clear();
      for (const message of kept.messages.toReversed()) messages.add(message);
      await sql.raw(atOnce(...kept.bank)).execute(db);
      await sql.raw(atOnce(...kept.service)).execute(service.db);
    },
    /** What `reset` leads to from now on is what there is now. @returns has it lead to what it led to before */
    keep: async () => {
      const before = kept;
      kept = {
        clockMs: clock() - Date.now(),
        calls: [...calls],
        messages: messages.list(),
        bank: await keepBank(db),
        service: await keepService(service.db),
      };
      return () => {
        kept = before;
      };
    },
    /** Mails that have arrived at an address, newest first. */
    mails: async (to: string) => {
      await deliverDue(outbox);
      return messages.list(to);
    },
    close: async () => {
      stopping.abort();
      server.close();
      mailer.close();
      await sink.close();
      await close();
      await serviceDatabase.close();
    },
  };
}

/** What the tests of a file share: one bank, and before each of them everything as at the first start. */
export interface Stage {
  readonly bank: TestBank;
  /** Of taro0001, logged in. */
  readonly browser: Browser;
}

/** The same where taro0001 uses the OTP. */
export interface StageInUse extends Stage {
  /** Of a step that is not spent yet. */
  readonly codes: Codes;
}

type Options = Parameters<typeof createTestBank>[0];

/** Opens a bank for the tests of a file; `take` is given it anew before each. */
export function useTestBank(take: (stage: Stage) => void | Promise<void>, options: Options = {}): void {
  useKept(async () => undefined, take, options);
}

/** The same where taro0001 uses the OTP, with the address of {@link EMAIL}. */
export function useTestBankInUse(
  take: (stage: StageInUse) => void | Promise<void>,
  options: Options = {},
): void {
  useKept(async ({ bank, browser }) => ({ codes: await activate(bank, browser, EMAIL) }), take, options);
}

/** @param begin done once, after the login; before each test everything is as it was then */
function useKept<Begun extends object | undefined>(
  begin: (stage: Stage) => Promise<Begun>,
  take: (stage: Stage & Begun) => void | Promise<void>,
  options: Options,
): void {
  let bank: TestBank;
  let browser: Browser;
  let begun: Begun;
  beforeAll(async () => {
    bank = await createTestBank(options);
    await bank.reset();
    browser = bank.browser();
    await logIn(browser);
    begun = await begin({ bank, browser });
    await bank.keep();
  }, 60_000);
  beforeEach(async () => {
    await bank.reset();
    await take({ bank, browser: browser.copy(), ...begun });
  });
  afterAll(() => bank.close());
}

export interface Codes {
  /** The customer as the service's own tests know one. */
  readonly customer: Customer;
  code(stepsFromNow?: number): Promise<string>;
  wrong(): Promise<string>;
}

/** 初期設定 on a token of the customer's; `serviceId` where it is not of the first institution. */
export async function enrol({ service }: TestBank, userId: string, serviceId?: string): Promise<Codes> {
  const token = await createTestToken();
  const values = { userId, activationPassword: ACTIVATION_PASSWORD, ...(serviceId && { serviceId }) };
  const response = await service.enrolRequest(token, values);
  if (response.status !== 201)
    throw new Error(`初期設定 answered ${response.status}: ${await response.text()}`);
  const { enrolment } = (await response.json()) as { enrolment: string };
  const customer = await customerOf(token, userId, enrolment, service.clock.now);
  return {
    code: customer.code,
    customer,
    wrong: () => wrongCode(customer),
  };
}

export async function logIn(browser: Browser, loginId = 'taro0001') {
  await browser.open('/');
  return browser.send('/login', { login_id: loginId, password: 'login1234' });
}

const INPUT = { activation_password: ACTIVATION_PASSWORD, activation_password_again: ACTIVATION_PASSWORD };

/** BOT001, as far as its confirmation. */
export async function fillIn(browser: Browser, email: string) {
  await browser.open('/otp/issue');
  return browser.send('/otp/issue', { ...INPUT, email, email_again: email });
}

export async function mailPasswordFor(test: TestBank, email: string): Promise<string> {
  const [mail] = (await test.mails(email)).filter(({ subject }) => subject.includes('メール通知パスワード'));
  return /メール通知パスワード：(\d{8})/.exec(mail?.text ?? '')?.[1] ?? '';
}

/** トークン発行 to its end. */
export async function issue(test: TestBank, browser: Browser, email: string): Promise<string> {
  await fillIn(browser, email);
  await browser.send('/otp/issue/confirm', {
    mail_password: await mailPasswordFor(test, email),
    confirmation_password: 'kakunin1234',
  });
  return /ユーザID\D*(\d{12})/.exec(browser.seen.text)?.[1] ?? '';
}

/** Everything up to サービス利用中; the codes are of a step not spent yet. */
export async function activate(
  test: TestBank,
  browser: Browser,
  email: string,
  serviceId?: string,
): Promise<Codes> {
  const codes = await enrol(test, await issue(test, browser, email), serviceId);
  await browser.open('/otp/activate');
  await browser.send('/otp/activate', { otp: await codes.code() });
  test.advance(60_000);
  return codes;
}
