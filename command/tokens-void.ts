import { serialSchema } from '../core/api/bank.ts';
import type { StaffAct } from '../core/api/staff.ts';
import { normaliseSerial } from '../core/otp/serial.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { EXIT, type Exit } from './exit.ts';
import { checkedAct } from './staff-act.ts';
import { answerOf, staffClientOf } from './staff-service.ts';

export interface TokensVoidArguments {
  readonly institution: string;
  readonly serials: readonly string[];
  readonly by: StaffAct;
}

/**
 * Takes hardware tokens that nobody has out of the service, one after the other, by their serials as devices and files have them. One
 * that is none keeps no other in the service.
 * @returns bad if nobody's token has one of the serials
 * @throws CannotTellError
 */
export async function tokensVoid(
  settings: Settings,
  { institution, serials, by }: TokensVoidArguments,
  print: (line: string) => void,
): Promise<Exit> {
  const client = staffClientOf(settings, institution);
  const act = checkedAct(by);
  let exit: Exit = EXIT.good;
  for (const written of serials) {
    const serial = normaliseSerial(written);
    if (!serialSchema.safeParse(serial).success) {
      print(`${written} left as it is: that is no serial`);
      exit = EXIT.bad;
      continue;
    }
    const key = `command ${randomId(systemRandomBytes)}`;
    const answer = await client.voidSerial(serial, act, key);
    if (answer.kind === 'problem' && answer.code === 'state_conflict') {
      print(`${serial} left as it is: no hardware token that nobody has`);
      exit = EXIT.bad;
    } else {
      print(`${answerOf(answer).serial} void`);
    }
  }
  return exit;
}
