import { positionField } from '../../../bank/customer/positional-password.ts';
import { DEMO_CONTRACTS } from '../../../bank/store/demo.ts';
import type { Browser, Seen } from './browser.ts';
import { EHIME, EHIME_PLACE } from './ehime.ts';
import { serialService } from './serial-service.ts';
import { ACTIVATION_PASSWORD, type Codes, enrol, type TestBank } from './test-bank.ts';

export const [TARO, HANAKO] = DEMO_CONTRACTS;

export type Contract = (typeof DEMO_CONTRACTS)[number];

/** A token with a シリアル番号 that no contract has yet. */
export interface SerialToken extends Codes {
  readonly serial: string;
  readonly userId: string;
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** ehime's bank with customers who have nothing yet, and tokens to be had. */
export async function openDesk(bank: TestBank) {
  const { hardware } = serialService(bank);
  for (const { loginId, email } of DEMO_CONTRACTS) {
    await bank.db.updateTable('customers').set({ email }).where('id', '=', `ehime-${loginId}`).execute();
  }
  let issued = 0;
  const newToken = async (): Promise<SerialToken> => {
    issued += 1;
    const key = `issue ${issued} ${bank.service.clock.now()}`;
    const answer = await bank.dependencies.serviceFor(EHIME).issue(ACTIVATION_PASSWORD, key);
    if (answer.kind !== 'ok') throw new Error(`issue: ${answer.kind}`);
    const { userId } = answer.value;
    const codes = await enrol(bank, userId, EHIME.serviceId);
    const { serial } = await bank.service.db
      .selectFrom('tokens')
      .select('serial')
      .where('user_id', '=', userId)
      .where('institution', '=', 'ehime')
      .executeTakeFirstOrThrow();
    return { ...codes, userId, serial: serial ?? '' };
  };
  return {
    browser: () => bank.browser(EHIME_PLACE),
    newToken,
    /** A device that shows no details. */
    newDevice: async () => {
      const token = await newToken();
      hardware.add(token.serial);
      return token;
    },
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

export type ProcedureName = 'register' | 'exchange' | 'stop';

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
  /** It is a device: two codes in a row. */
  readonly device?: boolean;
}

/** 利用開始 to its end; the codes are of a step not spent yet. */
export async function register(
  bank: TestBank,
  browser: Browser,
  token: SerialToken,
  { loginOtp = 'no', contract = TARO, device = false }: Registering = {},
): Promise<Seen> {
  await begin(browser, 'register', contract);
  const codes = device
    ? { otp: await token.code(-1), otp_next: await token.code() }
    : { otp: await token.code() };
  const seen = await fill(
    browser,
    'register',
    { serial: token.serial, login_otp: loginOtp, ...codes },
    contract,
  );
  bank.advance(30_000);
  return seen;
}
