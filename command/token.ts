import type { StaffAct, StaffToken } from '../core/api/staff.ts';
import { normaliseSerial } from '../core/otp/serial.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { EXIT, type Exit } from './exit.ts';
import { checkedAct } from './staff-act.ts';
import { answerOf, staffClientOf } from './staff-service.ts';
import type { TokenAct } from './token-acts.ts';

type Print = (line: string) => void;

/** Prints a token. @throws CannotTellError */
export async function tokenShow(
  settings: Settings,
  institution: string,
  { id, bySerial }: { readonly id: string; readonly bySerial: boolean },
  print: Print,
): Promise<void> {
  const client = staffClientOf(settings, institution);
  const answer = await (bySerial
    ? client.showBySerial(pathPart(normaliseSerial(id)))
    : client.show(pathPart(id)));
  printToken(answerOf(answer), print);
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
  const client = staffClientOf(settings, institution);
  const user = pathPart(userId);
  const answer = await client.act(act, user, checkedAct(by), `command ${randomId(systemRandomBytes)}`);
  const isRefused = answer.kind === 'problem' && answer.code === 'state_conflict';
  if (isRefused) print(`${act} is not possible with the token as it is:`);
  printToken(answerOf(isRefused ? await client.show(user) : answer), print);
  return isRefused ? EXIT.bad : EXIT.good;
}

/** What is asked for stays one part of the path, whatever it is. */
const pathPart = encodeURIComponent;

/** A line for each thing that is known of it. Neither a code nor a key is among them. */
function printToken(token: StaffToken, print: Print): void {
  for (const [name, value] of Object.entries(token)) {
    print(`${name.padEnd(16)}${typeof value === 'object' ? JSON.stringify(value) : value}`);
  }
}
