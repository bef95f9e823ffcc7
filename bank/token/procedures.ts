import { z } from 'zod';
import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDayNumber } from '../format.ts';
import { hmac, sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { exchangedMail, registeredMail, stoppedMail } from '../mail/texts.ts';
import { type Customer, findCustomer, lockCustomer, setLoginOtp, takeToken } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import {
  finishProcedure,
  type OtpProcedure,
  refuseProcedure,
  takeLeftProcedures,
} from '../store/otp-procedures.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import type { ServiceAnswer } from './client.ts';
import { noteEnd } from './ends.ts';
import { knownToken, noticeLock } from './state.ts';

type ProcedureDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

const codesSchema = z.object({
  /** Of the token in use, for 交換 and 利用中止. */
  code: z.string().optional(),
  /** Of the new token: one, or of a device two in a row. */
  codes: z.array(z.string()),
});

export type PresentedCodes = z.infer<typeof codesSchema>;

const context = (id: string) => `otp procedure ${id}`;

export const sealCodes = (
  { keys, randomBytes }: Pick<BankDependencies, 'keys' | 'randomBytes'>,
  id: string,
  codes: PresentedCodes,
): Promise<Uint8Array> => sealJson(keys.sealing, codes, context(id), randomBytes);

/** unavailable: it is not decided, and goes on with the same key */
export type ProcedureOutcome = 'done' | 'refused' | 'unavailable';

/**
 * Goes on with what was begun, by whoever finds it, any number of times: the idempotency key is its own, and it is done once.
 * What the token service accepted is never forgotten, whoever was waiting for the answer.
 */
export async function carryOutProcedure(
  dependencies: ProcedureDependencies,
  institution: Institution,
  row: OtpProcedure,
): Promise<ProcedureOutcome> {
  if (row.state !== 'claimed') return row.state;
  const { db, logger } = dependencies;
  const said = await present(dependencies, institution, row);
  const event = { institution: institution.key, customer: row.customer_id, event: row.kind };
  const answered = judge(said);
  if (answered === undefined) return 'unavailable';
  if (answered.token === undefined) {
    logger.info(event, 'token service refused the procedure');
    await refuseProcedure(db, row.id);
    await tellOfLock(dependencies, institution, row);
    return 'refused';
  }
  await finish(dependencies, institution, row, answered.token);
  logger.info(event, 'accepted procedure');
  return 'done';
}

interface Said {
  readonly accepted: boolean;
  readonly token?: Token | undefined;
}

async function present(
  { keys, serviceFor }: ProcedureDependencies,
  institution: Institution,
  { id, kind, user_id: userId, serial, codes: sealed }: OtpProcedure,
): Promise<ServiceAnswer<Said>> {
  if (sealed === null) throw new Error('a procedure under way without codes');
  const { code, codes } = await openJson(keys.sealing, sealed, context(id), codesSchema);
  const key = hmac(keys.forms, JSON.stringify(['otp procedure', id]));
  const service = serviceFor(institution);
  if (kind === 'register') return service.bind(serial ?? '', codes, key);
  if (userId === null || code === undefined) throw new Error(`${kind} without a token in use`);
  return kind === 'exchange'
    ? service.exchange(userId, { code, serial: serial ?? '', codes }, key)
    : service.present('release', userId, code, key);
}

/** @returns what was answered, the token where it was accepted; undefined where that is not known */
function judge(said: ServiceAnswer<Said>): { readonly token: Token | undefined } | undefined {
  if (said.kind === 'unreachable') return undefined;
  if (said.kind === 'ok') return { token: said.value.accepted ? said.value.token : undefined };
  const { code } = said;
  const refused =
    code === 'state_conflict' ||
    code === 'token_unknown' ||
    code === 'not_found' ||
    code === 'invalid_request';
  return refused ? { token: undefined } : undefined;
}

async function finish(
  dependencies: ProcedureDependencies,
  institution: Institution,
  row: OtpProcedure,
  token: Token,
): Promise<void> {
  const { db, clock, wakeOutbox } = dependencies;
  const now = clock();
  await db.transaction().execute(async (trx) => {
    // Before the row itself, as whoever begins another does.
    await lockCustomer(trx, row.customer_id);
    if (!(await finishProcedure(trx, row.id, new Date(now), japaneseDayNumber(now)))) return;
    if (row.kind === 'stop') await setLoginOtp(trx, row.customer_id, false);
    else {
      const taken = { userId: token.userId, loginOtp: row.login_otp, at: new Date(now) };
      await takeToken(trx, row.customer_id, taken);
    }
    await mail(dependencies, institution, { row, at: now }, trx);
  });
  const customer = await findCustomer(db, row.customer_id);
  await noteEnd(dependencies, customer, { kind: token.status, token });
  wakeOutbox();
}

async function mail(
  dependencies: ProcedureDependencies,
  institution: Institution,
  { row, at }: { readonly row: OtpProcedure; readonly at: number },
  trx: Handle,
): Promise<void> {
  const { email, login_otp: loginOtp }: Customer = await findCustomer(trx, row.customer_id);
  if (email === null) return;
  const serial = row.serial ?? '';
  const [kind, content] =
    row.kind === 'register'
      ? (['registered', registeredMail(institution, { serial, loginOtp }, at)] as const)
      : row.kind === 'exchange'
        ? (['exchanged', exchangedMail(institution, { serial, loginOtp }, at)] as const)
        : (['stopped', stoppedMail(institution, at)] as const);
  await writeMail(dependencies, trx, {
    id: sha256(`otp procedure ${row.id}`),
    institution,
    customerId: row.customer_id,
    kind,
    to: email,
    content,
  });
}

/** Wrong codes of the token in use may have locked it. */
async function tellOfLock(
  dependencies: ProcedureDependencies,
  institution: Institution,
  { kind, user_id: userId, customer_id: customerId }: OtpProcedure,
): Promise<void> {
  if (kind === 'register' || userId === null) return;
  const state = await knownToken(dependencies, institution, userId);
  if (state === undefined) return;
  await noticeLock(dependencies, institution, await findCustomer(dependencies.db, customerId), state.token);
}

/** What somebody's form waits for is left to it for so long. */
const LEAVE_MS = 30_000;
const BATCH = 20;

/** Goes on with procedures whose answer was lost, and that nobody has come back to. */
export async function continueProcedures(
  dependencies: ProcedureDependencies & Pick<BankDependencies, 'directory'>,
): Promise<void> {
  const { db, clock, directory } = dependencies;
  const now = clock();
  const unreachable = new Set<string>();
  const taking = { now: new Date(now), before: new Date(now - LEAVE_MS), most: BATCH };
  for (const row of await takeLeftProcedures(db, taking)) {
    const institution = directory.institutions.find(({ key }) => key === row.institution);
    if (institution === undefined || unreachable.has(institution.key)) continue;
    const outcome = await carryOutProcedure(dependencies, institution, row);
    if (outcome === 'unavailable') unreachable.add(institution.key);
  }
}
