import { z } from 'zod';
import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDayNumber } from '../format.ts';
import { hmac, sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import {
  exchangedMail,
  type MailKind,
  type MailText,
  registeredMail,
  resynchronisedMail,
  stoppedMail,
} from '../mail/texts.ts';
import { type Customer, findCustomer, lockCustomer, setLoginOtp, takeToken } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import {
  dropProcedure,
  findProcedure,
  finishProcedure,
  type OtpProcedure,
  refuseProcedure,
  takeLeftProcedures,
} from '../store/otp-procedures.ts';
import { forgetPositions, type Positions } from '../store/positions.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import { PRESENT_MS, REPEAT_MS, type ServiceAnswer, type ServiceClient } from './client.ts';
import { noteEnd } from './ends.ts';
import { inTurn } from './in-turn.ts';
import { knownToken, noticeLock } from './state.ts';

type ProcedureDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

const codesSchema = z.object({
  /** Of the token in use, for 交換 and 利用中止. */
  code: z.string().optional(),
  /** Of the new token: one code, or two in a row of a device. Of the device in use two in a row, for 再同期. */
  codes: z.array(z.string()),
});

export type PresentedCodes = z.infer<typeof codesSchema>;

const typedSchema = codesSchema.extend({
  /** Positions of the 資金移動用パスワード that were asked for and given. */
  positions: z.tuple([z.int(), z.int()]).optional(),
});

const context = (id: string) => `otp procedure ${id}`;

export const sealTyped = (
  { keys, randomBytes }: Pick<BankDependencies, 'keys' | 'randomBytes'>,
  id: string,
  typed: PresentedCodes & { readonly positions?: Positions | undefined },
): Promise<Uint8Array> => sealJson(keys.sealing, typed, context(id), randomBytes);

const openTyped = (
  { keys }: Pick<BankDependencies, 'keys'>,
  { id, codes }: OtpProcedure,
): Promise<z.infer<typeof typedSchema>> => {
  if (codes === null) throw new Error('procedure under way has no codes');
  return openJson(keys.sealing, codes, context(id), typedSchema);
};

/**
 * unavailable: not decided; the bank continues with the same key · busy: the service was not asked, and the bank does not
 * continue; the customer can begin again
 */
export type ProcedureOutcome = 'done' | 'refused' | 'unavailable' | 'busy';

/**
 * Continues a procedure. Anybody may call it, any number of times: the procedure has its own idempotency key and is done
 * once. If the token service accepted it, the bank saves that, even if nobody waits for the answer.
 * @param first whether this is the first call to the service
 */
export async function carryOutProcedure(
  dependencies: ProcedureDependencies,
  institution: Institution,
  row: OtpProcedure,
  first = false,
): Promise<ProcedureOutcome> {
  if (row.state !== 'claimed') return row.state;
  const { db, logger } = dependencies;
  const event = { institution: institution.key, customer: row.customer_id, event: row.kind };
  const answered = await answerOf(dependencies, institution, row);
  if (answered.kind === 'unknown') {
    if (!first || !answered.notAsked) return 'unavailable';
    logger.warn(event, 'token service was asked too often; dropped the procedure');
    await dropProcedure(db, row.id);
    return 'busy';
  }
  if (answered.kind === 'refused') {
    if (!(await refuseProcedure(db, row.id))) return stateOf(db, row);
    logger.info(event, 'token service refused the procedure');
    await tellOfLock(dependencies, institution, row);
    return 'refused';
  }
  if (await finish(dependencies, institution, row, answered.token)) logger.info(event, 'accepted procedure');
  return 'done';
}

/** Another caller decided it meanwhile. */
async function stateOf(db: Handle, { customer_id, id }: OtpProcedure): Promise<ProcedureOutcome> {
  const row = await findProcedure(db, customer_id, id);
  return row === undefined || row.state === 'claimed' ? 'unavailable' : row.state;
}

type Answered =
  | { readonly kind: 'accepted'; readonly token: Token }
  | { readonly kind: 'refused' }
  /** notAsked: the service says that it did not look at the codes */
  | { readonly kind: 'unknown'; readonly notAsked?: boolean };

/** Codes are presented while they are good; later it is only asked what came of them. */
async function answerOf(
  dependencies: ProcedureDependencies,
  institution: Institution,
  row: OtpProcedure,
): Promise<Answered> {
  const { clock, keys, logger, serviceFor } = dependencies;
  const age = clock() - row.created_at.getTime();
  if (age > REPEAT_MS) {
    logger.error(
      { institution: institution.key, procedure: row.id },
      'outcome of the procedure is unknown; gave up',
    );
    return { kind: 'refused' };
  }
  const key = hmac(keys.forms, JSON.stringify(['otp procedure', row.id]));
  const service = serviceFor(institution);
  return judge(
    age < PRESENT_MS ? await present(dependencies, service, row, key) : await service.outcome(key),
  );
}

interface Said {
  readonly accepted: boolean;
  readonly token?: Token | undefined;
}

async function present(
  { keys }: ProcedureDependencies,
  service: ServiceClient,
  row: OtpProcedure,
  key: string,
): Promise<ServiceAnswer<Said>> {
  const { kind, user_id: userId, serial } = row;
  const { code, codes } = await openTyped({ keys }, row);
  if (kind === 'register') return service.bind(serial ?? '', codes, key);
  if (userId === null) throw new Error(`${kind} without a token in use`);
  if (kind === 'resync') return service.resync(userId, codes, key);
  if (code === undefined) throw new Error(`${kind} without a code of the token in use`);
  return kind === 'exchange'
    ? service.exchange(userId, { code, serial: serial ?? '', codes }, key)
    : service.present('release', userId, code, key);
}

function judge(said: ServiceAnswer<Said>): Answered {
  if (said.kind === 'unreachable') return { kind: 'unknown' };
  if (said.kind === 'ok') {
    const { accepted, token } = said.value;
    return accepted && token !== undefined ? { kind: 'accepted', token } : { kind: 'refused' };
  }
  switch (said.code) {
    case 'state_conflict':
    case 'token_unknown':
    case 'not_found':
    case 'invalid_request':
      return { kind: 'refused' };
    case 'rate_limited':
      return { kind: 'unknown', notAsked: !said.repeated };
    default:
      return { kind: 'unknown' };
  }
}

/** @returns true to exactly one caller, the one that finished it */
async function finish(
  dependencies: ProcedureDependencies,
  institution: Institution,
  row: OtpProcedure,
  token: Token,
): Promise<boolean> {
  const { db, clock, wakeOutbox } = dependencies;
  const now = clock();
  const { positions } = await openTyped(dependencies, row);
  const finished = await db.transaction().execute(async (trx) => {
    // Locked before the procedure's row, in the same order as when another procedure begins.
    await lockCustomer(trx, row.customer_id);
    if (!(await finishProcedure(trx, row.id, new Date(now), japaneseDayNumber(now)))) return false;
    if (row.kind === 'stop') await setLoginOtp(trx, row.customer_id, false);
    else if (row.kind !== 'resync') {
      const taken = { userId: token.userId, loginOtp: row.login_otp, at: new Date(now) };
      await takeToken(trx, row.customer_id, taken);
    }
    if (positions !== undefined) await forgetPositions(trx, row.customer_id, positions);
    await mail(dependencies, institution, { row, at: now }, trx);
    return true;
  });
  if (!finished) return false;
  const customer = await findCustomer(db, row.customer_id);
  await noteEnd(dependencies, customer, { kind: token.status, token });
  wakeOutbox();
  return true;
}

async function mail(
  dependencies: ProcedureDependencies,
  institution: Institution,
  { row, at }: { readonly row: OtpProcedure; readonly at: number },
  trx: Handle,
): Promise<void> {
  const { email, login_otp: loginOtp }: Customer = await findCustomer(trx, row.customer_id);
  if (email === null) return;
  const registered = { serial: row.serial ?? '', loginOtp };
  const mails = {
    register: () => ['registered', registeredMail(institution, registered, at)],
    exchange: () => ['exchanged', exchangedMail(institution, registered, at)],
    stop: () => ['stopped', stoppedMail(institution, at)],
    resync: () => ['resynchronised', resynchronisedMail(institution, at)],
  } as const satisfies Record<OtpProcedure['kind'], () => readonly [MailKind, MailText]>;
  const [kind, content] = mails[row.kind]();
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

const BATCH = 20;

/** Goes on with procedures whose answer was lost, and that nobody has come back to while their codes were good. */
export async function continueProcedures(
  dependencies: ProcedureDependencies & Pick<BankDependencies, 'directory'>,
): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const now = clock();
  const taking = { now: new Date(now), before: new Date(now - PRESENT_MS), most: BATCH };
  await inTurn(directory, await takeLeftProcedures(db, taking), async (institution, row) => {
    try {
      return (await carryOutProcedure(dependencies, institution, row)) !== 'unavailable';
    } catch (error) {
      logger.error(
        { institution: institution.key, procedure: row.id, error: describeError(error) },
        'could not finish procedure; will retry',
      );
      return true;
    }
  });
}
