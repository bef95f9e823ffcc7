import { setTimeout as wait } from 'node:timers/promises';
import type { StaffClient } from '../bank/token/staff-client.ts';
import { serialSchema } from '../core/api/bank.ts';
import type { StaffAct } from '../core/api/staff.ts';
import { normaliseSerial } from '../core/otp/serial.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { type Asked, patiently } from '../host/token-file/import-client.ts';
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
 * @throws CannotTellError, ImportRefusedError
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
    const answer = await patiently(() => voidOne(client, serial, act), wait);
    if (answer.kind === 'problem' && answer.code === 'state_conflict') {
      print(`${serial} left as it is: no hardware token that nobody has`);
      exit = EXIT.bad;
    } else {
      print(`${answerOf(answer).serial} void`);
    }
  }
  return exit;
}

/** More serials than staff may ask for at once are asked for as the service has room: begun anew, the first would use it up again. */
async function voidOne(client: StaffClient, serial: string, act: StaffAct): Promise<Asked<Voided>> {
  const value = await client.voidSerial(serial, act, `command ${randomId(systemRandomBytes)}`);
  if (value.kind !== 'problem' || value.code !== 'rate_limited') return { value };
  return { refused: 'too many requests; try again later', mayPass: true, retryAfterS: value.retryAfterS };
}

type Voided = Awaited<ReturnType<StaffClient['voidSerial']>>;
