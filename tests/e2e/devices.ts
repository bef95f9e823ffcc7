import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { seal } from '../../core/vault/seal.ts';
import { randomId, systemRandomBytes } from '../../host/random.ts';
import { readSettings } from '../../host/settings.ts';
import { loadMasterKey } from '../../server/master-key.ts';
import { openFolder } from '../../server/store/database.ts';
import { DEFAULT_DIRECTORY, institutionOf } from '../institutions.ts';
import { oathtool } from '../oath-tools.ts';

const PERIOD_S = 30;

/** A hardware token that a customer holds in the hand: it shows six digits, and has its シリアル番号 on the back. */
export interface Device {
  readonly serial: string;
  /** What it shows at a moment, in Unix milliseconds, as the independent implementation has it. */
  shows(at: number): string;
}

/** How many a customer may be given. */
const DEVICES = 2;

/** Puts devices of an institution, which nobody has yet, into a service's data before it starts. */
export async function addDevices(data: string, institution: string): Promise<readonly Device[]> {
  const { sealing } = await loadMasterKey(readSettings({ WARIFU_DATA: data }));
  const { db, close } = await openFolder(join(data, 'service'), DEFAULT_DIRECTORY);
  const { algorithm, digits } = institutionOf(institution).otp;
  const at = new Date();
  const devices: Device[] = [];
  for (let number = 1; number <= DEVICES; number += 1) {
    const id = randomId(systemRandomBytes);
    const key = randomBytes(20);
    const serial = `27${String(number).padStart(8, '0')}`;
    const secret = await seal(sealing, new Uint8Array(key), id, systemRandomBytes);
    await sql`
      insert into tokens (id, institution, serial, secret, kind, algorithm, digits, period, status, confirmation_mode, last_step,
        issued_at, enrolled_at)
      values (${id}, ${institution}, ${serial}, ${Buffer.from(secret)}, 'hardware-totp', ${algorithm}, ${digits}, ${PERIOD_S},
        'enrolled', 'approve', -1, ${at}, ${at})`.execute(db);
    devices.push({ serial, shows: (moment) => codeAt(key.toString('hex'), moment) });
  }
  await close();
  return devices;
}

const codeAt = (key: string, moment: number): string =>
  execFileSync(oathtool(), ['--totp', '--digits=6', `--now=@${Math.floor(moment / 1000)}`, key], {
    encoding: 'utf8',
  }).trim();
