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
import { answerOf, RATE_LIMITED, staffClientOf } from './staff-service.ts';

export interface TokensVoidArguments {
  readonly institution: string;
  readonly serials: readonly string[];
  readonly by: StaffAct;
}

/**
 * Takes hardware tokens that nobody has out of the service, one after the other, by their serials as devices and files have them. A text
 * that is no serial is reported and skipped; where it ends early, those that are left are named.
 * @returns bad if one is no serial, or no token that nobody has
 * @throws CannotTellError, ServiceRefusedError
 */
export async function tokensVoid(
  settings: Settings,
  { institution, serials, by }: TokensVoidArguments,
  print: (line: string) => void,
): Promise<Exit> {
  const client = staffClientOf(settings, institution);
  const act = checkedAct(by);
  let exit: Exit = EXIT.good;
  for (const [place, written] of serials.entries()) {
    const serial = normaliseSerial(written);
    if (!serialSchema.safeParse(serial).success) {
      print(`${written} left as it is: that is no serial`);
      exit = EXIT.bad;
      continue;
    }
    try {
      const answer = await patiently(() => voidOne(client, serial, act), wait);
      if (answer.kind === 'problem' && answer.code === 'state_conflict') {
        print(`${serial} left as it is: no hardware token that nobody has`);
        exit = EXIT.bad;
      } else {
        print(`${answerOf(answer).serial} void`);
      }
    } catch (error) {
      print(`not done, to be given again: ${serials.slice(place).join(' ')}`);
      throw error;
    }
  }
  return exit;
}

/** Where the service limits requests it is to be waited for: a run that begins anew spends its requests on the same first serials. */
async function voidOne(client: StaffClient, serial: string, act: StaffAct): Promise<Asked<Voided>> {
  const value = await client.voidSerial(serial, act, `command ${randomId(systemRandomBytes)}`);
  if (value.kind !== 'problem' || value.code !== 'rate_limited') return { value };
  return { refused: RATE_LIMITED, mayPass: true, retryAfterS: value.retryAfterS };
}

type Voided = Awaited<ReturnType<StaffClient['voidSerial']>>;
