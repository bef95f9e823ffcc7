import { positionField } from '../../../bank/customer/positional-password.ts';
import { DEMO_CONTRACTS } from '../../../bank/store/demo.ts';
import { HOTP, hardware, TOTP } from '../../service/test-hardware.ts';
import { makeSerial } from '../../service/test-serial.ts';
import type { Browser, Seen } from './browser.ts';
import { EHIME, EHIME_PLACE } from './ehime.ts';
import type { TestBank } from './test-bank.ts';

export const [TARO, HANAKO] = DEMO_CONTRACTS;

export type Contract = (typeof DEMO_CONTRACTS)[number];

/** What shows codes and has a シリアル番号. */
interface Registrable {
  readonly serial: string;
  /** The code of a step counted from now: 0 is the present one. */
  code(stepsFromNow?: number): Promise<string>;
}

/** A hardware token, which shows no details. */
export interface Device extends Registrable {
  /** Of two steps in a row; the present one is the second. */
  pair(): Promise<[string, string]>;
}

/** A token with a シリアル番号 that its customer made. */
export type SerialToken = Awaited<ReturnType<typeof makeSerial>>;

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** ehime's bank with customers who have nothing yet, and tokens to be had. */
export async function openDesk(bank: TestBank) {
  for (const { loginId, email } of DEMO_CONTRACTS) {
    await bank.db.updateTable('customers').set({ email }).where('id', '=', `ehime-${loginId}`).execute();
  }
  const devices = hardware(bank.service, EHIME.key);
  return {
    browser: () => bank.browser(EHIME_PLACE),
    newToken: (): Promise<SerialToken> => makeSerial(bank.service, EHIME.serviceId),
    newDevice: async (): Promise<Device> => {
      const { serial, code, pair } = await devices.make(TOTP);
      return { serial, code: (steps = 0) => code(steps), pair: () => pair(-1) };
    },
    /** A device that makes a code each time its button is pressed, with the codes of each press. */
    newButton: () => devices.make(HOTP),
    mails: (contract: Contract) => bank.mails(contract.email),
    customer: ({ loginId }: Contract = TARO) =>
      bank.db
        .selectFrom('customers')
        .selectAll()
        .where('id', '=', `ehime-${loginId}`)
        .executeTakeFirstOrThrow(),
  };
}

const login = ({ loginId }: Contract) => ({ login_id: loginId, password: 'login1234' });

export async function logIn(browser: Browser, contract: Contract = TARO): Promise<Seen> {
  await browser.open('/');
  return browser.send('/login', login(contract));
}

export type ProcedureName = 'register' | 'exchange' | 'stop' | 'resync';

/** 利用者認証 of a procedure. */
export async function begin(
  browser: Browser,
  procedure: ProcedureName,
  contract: Contract = TARO,
): Promise<Seen> {
  await browser.open(`/otp-service/${procedure}`);
  return browser.send(`/otp-service/${procedure}`, login(contract));
}

/** The digits that the shown page asks for. */
export function positions(
  { html }: Seen,
  { positional }: Pick<Contract, 'positional'> = TARO,
): Record<string, string> {
  const asked = [...html.matchAll(/name="position_([0-9]+)"/g)].map(([, place]) => Number(place));
  return Object.fromEntries(asked.map((place) => [positionField(place), positional[place - 1] ?? '']));
}

/** The form of a procedure, with the right positions unless `fields` says otherwise. */
export const fill = (
  browser: Browser,
  procedure: ProcedureName,
  fields: Record<string, string>,
  contract: Contract = TARO,
): Promise<Seen> =>
  browser.send(`/otp-service/${procedure}/input`, { ...positions(browser.seen, contract), ...fields });

interface Registering {
  readonly loginOtp?: 'yes' | 'no';
  readonly contract?: Contract;
  /** Two codes in a row, as a device is asked for. */
  readonly pair?: readonly [string, string];
}

/** 利用開始 to its end; the codes are of a step not spent yet. */
export async function register(
  bank: TestBank,
  browser: Browser,
  token: Registrable,
  { loginOtp = 'no', contract = TARO, pair }: Registering = {},
): Promise<Seen> {
  await begin(browser, 'register', contract);
  const codes = pair ? { otp: pair[0], otp_next: pair[1] } : { otp: await token.code() };
  const seen = await fill(
    browser,
    'register',
    { serial: token.serial, login_otp: loginOtp, ...codes },
    contract,
  );
  bank.advance(30_000);
  return seen;
}
