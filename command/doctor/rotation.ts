import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { readText } from '../../host/key-file.ts';
import type { Settings } from '../../host/settings.ts';
import { nextSigningKey, readEndorsement, SIGNING_KEY_FILES } from '../../server/signing-key.ts';
import { messageOf } from '../errors.ts';
import type { Part } from '../part.ts';
import type { PartDatabase } from '../parts.ts';
import { daysLeft, FINISH_AFTER_DAYS, SWITCH_AFTER_DAYS } from '../signing-key-days.ts';
import { error, type Line, warning } from './line.ts';

const MASTER = 'rotation of the master key';
const SIGNING = 'rotation of the signing key';

const HAND_OVER = {
  service: { about: MASTER, command: 'warifu master-key rotate', until: ' until it says 0' },
  bank: { about: 'rotation of the bank key', command: 'warifu bank-key rotate', until: '' },
} as const satisfies Record<Part, object>;

/** Rotations of the keys that are read from environment and data folder alone, and how they go on. */
export async function* rotationLines(settings: Settings, now: Date): AsyncGenerator<Line> {
  const { dataFolder, masterKeyNext } = settings;
  if ((masterKeyNext ?? readText(join(dataFolder, 'master-next.key'))) !== undefined) {
    yield warning(
      MASTER,
      'the next key is there; once every node was restarted with it, put it in the place of the present one, which becomes the previous one',
    );
  }
  try {
    const said = await signingKeyStep(settings, now);
    if (said !== undefined) yield warning(SIGNING, said);
  } catch (cause) {
    yield error(SIGNING, `cannot tell how far it is: ${messageOf(cause)}; put the right file there`);
  }
}

/** @param isHandedOver whether the database is held by the present key; else by the previous one */
export function handOverLine(
  { part, name }: Pick<PartDatabase, 'part' | 'name'>,
  isHandedOver: boolean,
): Line {
  const { about, command, until } = HAND_OVER[part];
  const said = isHandedOver
    ? `the database of the ${name} is held by the present key; run ${command}${until}, take the previous key away, and restart the nodes`
    : `the database of the ${name} is held by the previous key; restart every node with both keys, and run ${command}`;
  return warning(about, said);
}

async function signingKeyStep(settings: Settings, now: Date): Promise<string | undefined> {
  const next = nextSigningKey(settings);
  const endorsement = await readEndorsement(settings);
  const thumbprint = (jwk: object) => calculateJwkThumbprint({ ...jwk });
  if (next !== undefined) {
    const isBrokenOff =
      endorsement !== undefined && (await thumbprint(endorsement.of)) === (await thumbprint(next));
    if (isBrokenOff) return 'a switch was broken off; run warifu signing-key rotate switch again';
    const madeAt = madeAtOf(settings, 'next');
    return `the next key is prepared; run warifu signing-key rotate switch ${when(madeAt, SWITCH_AFTER_DAYS, now)}`;
  }
  if (endorsement !== undefined) {
    const switchedAt = new Date(endorsement.iat * 1000);
    return `the present key is endorsed by the previous one; run warifu signing-key rotate finish ${when(switchedAt, FINISH_AFTER_DAYS, now)}`;
  }
  return existsSync(join(settings.dataFolder, SIGNING_KEY_FILES.previous))
    ? 'the previous key is still there; run warifu signing-key rotate finish'
    : undefined;
}

/** @returns undefined for a key in the environment, which does not say how old it is */
const madeAtOf = ({ dataFolder }: Settings, key: keyof typeof SIGNING_KEY_FILES): Date | undefined =>
  statSync(join(dataFolder, SIGNING_KEY_FILES[key]), { throwIfNoEntry: false })?.mtime;

function when(since: Date | undefined, days: number, now: Date): string {
  if (since === undefined) return `${days} days after that`;
  const left = daysLeft(since, days, now);
  return left > 0 ? `in ${left} days` : 'now';
}
