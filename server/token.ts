import type { Token, TokenStatus } from '../core/api/bank.ts';
import type { StaffToken } from '../core/api/staff.ts';
import type { Institution } from '../core/institution/directory.ts';
import { policyOf } from '../core/institution/policy.ts';
import { seal } from '../core/vault/seal.ts';
import { randomDigits, randomId } from '../host/random.ts';
import type { ServiceDependencies } from './context.ts';
import { ProblemError } from './problem.ts';
import type { Database } from './store/database.ts';
import { devicesOf } from './store/devices.ts';
import type { NewToken } from './store/issues.ts';
import { replacementOf, type Standing, standingOf, takenOverBy } from './store/replacements.ts';
import type { TokenRow } from './store/schema.ts';
import { tokenDevice } from './token-device.ts';
import { nextTokenOf } from './token-parameters.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Whether no contract has the token yet. Anybody can make one: nothing that it asks for is written down. */
export const isUnbound = ({ kind, activated_at }: TokenRow) => kind === 'serial' && activated_at === null;

/**
 * A token's status now. It is void if nobody enrolled the issue or registered the serial number token in time, or if it can no
 * longer take another's place.
 */
function statusOf(row: TokenRow, standing: Standing | undefined, now: number): TokenStatus {
  const ranOut = (row.status === 'issued' || isUnbound(row)) && row.enrol_by.getTime() <= now;
  return ranOut || standing?.stands === false ? 'void' : row.status;
}

/** Whether a token is void now, written down or not. */
export const isVoid = async (db: Database, row: TokenRow, now: number): Promise<boolean> =>
  statusOf(row, await standingOf(db, row, now), now) === 'void';

/** What the bank sees of a token. */
export async function tokenOfRow(
  db: Database,
  row: TokenRow,
  institution: Institution,
  now: number,
): Promise<Token> {
  const standing = await standingOf(db, row, now);
  const replacement = await replacementOf(db, row);
  const isUnderWay = replacement && (await standingOf(db, replacement, now))?.stands;
  return {
    serviceId: institution.serviceId,
    userId: row.user_id,
    status: statusOf(row, standing, now),
    kind: row.kind,
    issuedAt: row.issued_at.toISOString(),
    enrolBy: row.enrol_by.toISOString(),
    ...(row.serial !== null && { serial: row.serial }),
    ...(row.enrolled_at !== null && { enrolledAt: row.enrolled_at.toISOString() }),
    ...(row.activated_at !== null && { activatedAt: row.activated_at.toISOString() }),
    ...(row.released_at !== null && { releasedAt: row.released_at.toISOString() }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
    ...(row.replaces !== null && { replaces: row.replaces }),
    ...(standing?.stands && { takingOver: takingOver(standing) }),
    ...(isUnderWay && { replacement: replacement.user_id }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by }),
  };
}

/** The token alone, as the bank asks for it: with its devices. */
export async function shownTokenOfRow(
  db: Database,
  row: TokenRow,
  institution: Institution,
  now: number,
): Promise<Token> {
  const token = await tokenOfRow(db, row, institution, now);
  const devices = await devicesOf(db, row.id);
  return devices.length === 0 ? token : { ...token, devices: devices.map(tokenDevice) };
}

/** What a token is told of itself, in the service's signed answers. */
export async function stateOfRow(db: Database, row: TokenRow, now: number) {
  const replacedBy = await takenOverBy(db, row);
  return {
    now,
    status: statusOf(row, await standingOf(db, row, now), now),
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
    ...(isUnbound(row) && { bindBy: row.enrol_by.toISOString() }),
    ...(row.kind === 'serial' && row.activated_at && { activatedAt: row.activated_at.toISOString() }),
    ...(replacedBy && { replacedBy }),
  };
}

const takingOver = ({ by, device, confirmed }: Standing) => ({
  by: by.toISOString(),
  ...(device && { device }),
  confirmed,
});

/** What staff see of a token. */
export async function staffTokenOfRow(
  db: Database,
  row: TokenRow,
  institution: Institution,
  now: number,
): Promise<StaffToken> {
  const { suspended_from: suspendedFrom, suspended_at: suspendedAt, suspended_by: suspendedBy } = row;
  const token = await shownTokenOfRow(db, row, institution, now);
  return {
    ...token,
    ...(suspendedFrom !== null && { suspendedFrom }),
    ...(suspendedAt !== null && { suspendedAt: suspendedAt.toISOString() }),
    ...(suspendedBy !== null && { suspendedBy }),
  };
}

/**
 * A token to be issued, with a random user id that is very probably free.
 * @param replaces ユーザID of the token that it is to replace, if any
 * @throws ProblemError state_conflict if customers of the institution make their tokens themselves
 */
export async function newToken(
  { masterKey, randomBytes }: Pick<ServiceDependencies, 'masterKey' | 'randomBytes'>,
  institution: Institution,
  activationPassword: string,
  at: Date,
  replaces?: string,
): Promise<NewToken> {
  const parameters = nextTokenOf(institution);
  if (parameters.kind !== 'software') {
    throw new ProblemError('state_conflict', 'Customers of this institution make their tokens themselves');
  }
  const id = randomId(randomBytes);
  const { enrolWithinDays, replaceWithinHours } = policyOf(institution);
  const withinMs = replaces === undefined ? enrolWithinDays * DAY_MS : replaceWithinHours * HOUR_MS;
  return {
    id,
    userId: randomDigits(randomBytes, 12),
    parameters,
    activationPassword: await seal(
      masterKey.sealing,
      new TextEncoder().encode(activationPassword),
      id,
      randomBytes,
    ),
    enrolBy: new Date(at.getTime() + withinMs),
    ...(replaces !== undefined && { replaces }),
  };
}
