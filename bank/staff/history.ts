import { AUDITED_TOKENS_MOST } from '../../core/api/audit.ts';
import type { BankDependencies } from '../context.ts';
import { type CustomerToken, tokensOf } from '../store/customer-tokens.ts';
import type { Customer } from '../store/customers.ts';
import { ACT_NAMES, ACTS } from './acts.ts';
import { type AuditLine, type LinePage, type Place, readLines } from './audit-lines.ts';
import type { SignedIn } from './context.ts';

/** Acts that the token's own audit has as well, under the same name, with the same actor and reason. */
const ON_TOKEN = ACT_NAMES.filter((act) => ACTS[act].onToken === act);

/** What happened to one token, and what staff did for the customer while they had it, newest first. */
export interface TokenHistory {
  /** Undefined for lines from before the first token, and for lines about a token that is not in the list. */
  readonly token: CustomerToken | undefined;
  readonly lines: readonly AuditLine[];
}

/** A page of a customer's history. */
export interface History extends Pick<LinePage, 'next' | 'isPartial'> {
  /** The latest token first. */
  readonly tokens: readonly TokenHistory[];
  /** There are more tokens than can be read at once; the earliest are left out. */
  readonly isCut: boolean;
}

/** What happened to a customer's tokens, those they had before as well, and what staff did for the customer. */
export async function readHistory(
  dependencies: Pick<BankDependencies, 'db' | 'staff' | 'logger'>,
  by: SignedIn,
  { id }: Pick<Customer, 'id'>,
  place: Place | undefined,
  most: number,
): Promise<History> {
  const held = await tokensOf(dependencies.db, id, AUDITED_TOKENS_MOST + 1);
  const tokens = held.slice(0, AUDITED_TOKENS_MOST);
  const userIds = tokens.map(({ user_id }) => user_id);
  const reading =
    userIds.length === 0
      ? { token: undefined, staff: { customerId: id } }
      : { token: { userIds }, staff: { customerId: id, doneElsewhere: { userIds, acts: ON_TOKEN } } };
  const { lines, next, isPartial } = await readLines(dependencies, by, reading, place, most);
  const byToken = Map.groupBy(lines, (line) => tokenOf(line, tokens));
  return {
    tokens: [...tokens, undefined].flatMap((token) => {
      const own = byToken.get(token);
      return own === undefined ? [] : [{ token, lines: own }];
    }),
    isCut: held.length > tokens.length,
    next,
    isPartial,
  };
}

/** The token that a line names, else the one that the customer had at that moment. @param tokens the latest first */
function tokenOf({ userId, at }: AuditLine, tokens: readonly CustomerToken[]): CustomerToken | undefined {
  if (userId !== undefined) return tokens.find(({ user_id }) => user_id === userId);
  return tokens.find(({ held_from }) => held_from === null || held_from.getTime() <= at);
}
