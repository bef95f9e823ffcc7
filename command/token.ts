import type { ServiceAnswer } from '../bank/token/client.ts';
import { createStaffClient, type StaffClient } from '../bank/token/staff-client.ts';
import type { StaffAct, StaffToken } from '../core/api/staff.ts';
import type { ProblemCode } from '../core/errors.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { checkedAct } from './staff-act.ts';
import { staffKeyOf } from './staff-key.ts';
import type { TokenAct } from './token-acts.ts';

type Print = (line: string) => void;

/** Prints a token. @throws CannotTellError */
export async function tokenShow(
  settings: Settings,
  institution: string,
  { id, bySerial }: { readonly id: string; readonly bySerial: boolean },
  print: Print,
): Promise<void> {
  const client = clientOf(settings, institution);
  const answer = await (bySerial ? client.showBySerial(pathPart(id)) : client.show(pathPart(id)));
  printToken(tokenIn(answer), print);
}

export interface TokenActArguments {
  readonly institution: string;
  readonly userId: string;
  readonly by: StaffAct;
}

/** Acts on a token, and prints it as it is then. @returns bad if its status does not allow it @throws CannotTellError */
export async function tokenAct(
  settings: Settings,
  act: TokenAct,
  { institution, userId, by }: TokenActArguments,
  print: Print,
): Promise<Exit> {
  const client = clientOf(settings, institution);
  const user = pathPart(userId);
  const answer = await client.act(act, user, checkedAct(by), `command ${randomId(systemRandomBytes)}`);
  const isRefused = answer.kind === 'problem' && answer.code === 'state_conflict';
  if (isRefused) print(`${act} is not possible with the token as it is:`);
  printToken(tokenIn(isRefused ? await client.show(user) : answer), print);
  return isRefused ? EXIT.bad : EXIT.good;
}

function clientOf(settings: Settings, institution: string): StaffClient {
  const staffKey = staffKeyOf(settings, institution);
  return createStaffClient({ url: settings.tokenServiceUrl, fetch, apiKey: () => staffKey });
}

/** What is asked for stays one part of the path, whatever it is. */
const pathPart = encodeURIComponent;

const REFUSALS: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'that is no ユーザID or serial',
  token_unknown: 'the institution has no such token',
  unauthorized: 'the key of the staff is not in force; see key list',
  key_not_allowed: 'the key is not one of staff',
  rate_limited: 'too many requests; try again later',
};

function tokenIn(answer: ServiceAnswer<StaffToken>): StaffToken {
  if (answer.kind === 'ok') return answer.value;
  if (answer.kind === 'problem' && answer.code !== 'unavailable') {
    throw new CannotTellError(REFUSALS[answer.code] ?? `the token service refused: ${answer.code}`);
  }
  throw new CannotTellError(
    'the token service does not answer; what was asked may have been done: look with token show',
  );
}

/** A line for each thing that is known of it. Neither a code nor a key is among them. */
function printToken(token: StaffToken, print: Print): void {
  for (const [name, value] of Object.entries(token)) {
    print(`${name.padEnd(16)}${typeof value === 'object' ? JSON.stringify(value) : value}`);
  }
}
