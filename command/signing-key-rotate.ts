import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import type { PublicJwk } from '../core/institution/directory.ts';
import { keptText, readText } from '../host/key-file.ts';
import type { Settings } from '../host/settings.ts';
import { newSigningKey, readKeyPair } from '../server/keys.ts';
import {
  endorse,
  loadSigningKey,
  nextSigningKey,
  type ReadEndorsement,
  readEndorsement,
  SIGNING_KEY_FILES,
  type SigningKey,
} from '../server/signing-key.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { daysLeft, FINISH_AFTER_DAYS, SWITCH_AFTER_DAYS } from './signing-key-days.ts';

type Print = (line: string) => void;

interface RotateArguments {
  /** Whether to go on before the days are over. */
  readonly force: boolean;
  readonly now: Date;
}

/** Where a rotation stands, by the files in the data folder. Every step can be broken off at any moment and run again. */
interface Rotation {
  readonly files: Readonly<Record<keyof typeof SIGNING_KEY_FILES, string>>;
  readonly present: SigningKey;
  readonly next: PublicJwk | undefined;
  readonly endorsement: ReadEndorsement | undefined;
}

/** Makes the next key, which nothing is signed with yet, and prints what builds pin. */
export async function prepareSigningKey(settings: Settings, print: Print): Promise<Exit> {
  const { files, endorsement, next } = await rotationIn(settings);
  if (next === undefined && (endorsement !== undefined || existsSync(files.previous))) {
    throw new CannotTellError('the last rotation is not finished; signing-key rotate finish ends it');
  }
  keptText(files.next, newSigningKey);
  print(`prepared in ${files.next}; builds that must not see it pin WARIFU_SERVICE_KEY_NEXT=`);
  print(JSON.stringify(nextSigningKey(settings)));
  return EXIT.good;
}

/** Lets the present key endorse the next one, and puts that in its place. @returns bad where it is too early */
export async function switchSigningKey(
  settings: Settings,
  { force, now }: RotateArguments,
  print: Print,
): Promise<Exit> {
  const { files, present, next, endorsement } = await rotationIn(settings);
  if (next === undefined) {
    if (endorsement === undefined)
      throw new CannotTellError('no key is prepared; run signing-key rotate prepare');
    print('switched already; restart the nodes if they were not');
    return EXIT.good;
  }
  const early = daysLeft(statSync(files.next).mtime, SWITCH_AFTER_DAYS, now);
  if (early > 0 && !force) {
    print(
      `too early by ${early} days: restart every node, so that banks learn the next key, and distribute builds`,
    );
    print('that pin both keys; with --force, builds of releases that know no endorsement are cut off');
    return EXIT.bad;
  }
  keepPrevious(files);
  writeEndorsement(files.endorsement, await endorse(present, next, now));
  renameSync(files.next, files.present);
  print(`${await calculateJwkThumbprint({ ...next })} signs as soon as nodes are restarted`);
  print(
    `restart every node, distribute builds that pin it, and run signing-key rotate finish in ${FINISH_AFTER_DAYS} days`,
  );
  return EXIT.good;
}

/** Forgets the previous key and its endorsement: builds that pin it alone are cut off. @returns bad where it is too early */
export async function finishSigningKey(
  settings: Settings,
  { force, now }: RotateArguments,
  print: Print,
): Promise<Exit> {
  const { files, next, endorsement } = await rotationIn(settings);
  if (next !== undefined)
    throw new CannotTellError('the next key does not sign yet; run signing-key rotate switch');
  if (endorsement === undefined && !existsSync(files.previous)) {
    print('no rotation is under way');
    return EXIT.good;
  }
  const early = endorsement ? daysLeft(new Date(endorsement.iat * 1000), FINISH_AFTER_DAYS, now) : 0;
  if (early > 0 && !force) {
    print(`too early by ${early} days: builds that pin the previous key alone are cut off by it`);
    return EXIT.bad;
  }
  rmSync(files.endorsement, { force: true });
  rmSync(files.previous, { force: true });
  print('the previous key is gone; restart every node');
  return EXIT.good;
}

async function rotationIn(settings: Settings): Promise<Rotation> {
  const { dataFolder } = settings;
  const files = {
    present: join(dataFolder, SIGNING_KEY_FILES.present),
    next: join(dataFolder, SIGNING_KEY_FILES.next),
    previous: join(dataFolder, SIGNING_KEY_FILES.previous),
    endorsement: join(dataFolder, SIGNING_KEY_FILES.endorsement),
  };
  const inEnvironment = [settings.signingKey, settings.signingKeyNext, settings.signingKeyEndorsement];
  if (inEnvironment.some((value) => value !== undefined)) {
    throw new CannotTellError(
      `keys in the environment cannot be changed from here; without those variables, and with the present key as ${files.present}, this makes what is to be set`,
    );
  }
  if (!existsSync(files.present)) throw new CannotTellError(`there is no ${files.present}`);
  const next = await preparedKey(settings, files.next);
  const present = await loadSigningKey(settings);
  return { files, present, next, endorsement: await readEndorsement(settings) };
}

/** The public half of the next key, if one is prepared. Nodes publish that alone; but in place of the present key it has to sign. */
async function preparedKey(settings: Settings, file: string): Promise<PublicJwk | undefined> {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    await readKeyPair(text, file);
    return nextSigningKey(settings);
  } catch {
    throw new CannotTellError(
      `${file} holds no private key that could sign; put back the one that was prepared, or take it away and begin again with signing-key rotate prepare`,
    );
  }
}

/** Keeps the present key also under the previous one's name. */
function keepPrevious({ present, previous }: Rotation['files']): void {
  if (!existsSync(previous)) linkSync(present, previous);
  else if (!readFileSync(previous).equals(readFileSync(present))) {
    throw new CannotTellError('the last rotation is not finished; signing-key rotate finish ends it');
  }
}

/** The whole file or none. */
function writeEndorsement(file: string, jws: string): void {
  const half = `${file}.new`;
  writeFileSync(half, `${jws}\n`, { mode: 0o600, flush: true });
  renameSync(half, file);
}
