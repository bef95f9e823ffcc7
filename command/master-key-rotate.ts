import { systemRandomBytes } from '../host/random.ts';
import type { Settings } from '../host/settings.ts';
import { loadMasterKey } from '../server/master-key.ts';
import { handOver, type Rotation, sealAgain } from '../server/rotate-master-key.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { databasesOf, keysOf, openPart, type PartDatabase } from './parts.ts';

type Print = (line: string) => void;

/**
 * Hands the databases over to the present master key, and seals under it what the previous one sealed. One that is not there keeps
 * none of the others waiting.
 */
export async function masterKeyRotate(settings: Settings, print: Print): Promise<Exit> {
  await keysOf(settings, 'service');
  const [to, from] = (await loadMasterKey(settings)).holding;
  if (to === undefined || from === undefined) {
    throw new CannotTellError(
      'the previous master key is neither in WARIFU_MASTER_KEY_PREVIOUS nor in master-previous.key',
    );
  }
  const databases = databasesOf(settings, 'service');
  const exits: Exit[] = [];
  for (const database of databases) {
    const said = databases.length === 1 ? print : (line: string) => print(`${database.name}: ${line}`);
    const rotating = rotateIn(settings, database, { to, from, randomBytes: systemRandomBytes }, said);
    exits.push(await (databases.length === 1 ? rotating : rotating.catch(sayWhyNot(said))));
  }
  if (exits.includes(EXIT.bad)) return EXIT.bad;
  return exits.includes(EXIT.cannotTell) ? EXIT.cannotTell : EXIT.good;
}

const sayWhyNot =
  (print: Print) =>
  (error: unknown): Exit => {
    if (!(error instanceof CannotTellError)) throw error;
    print(`NOT DONE: ${error.message}`);
    return EXIT.cannotTell;
  };

async function rotateIn(
  settings: Settings,
  database: PartDatabase,
  rotation: Rotation,
  print: Print,
): Promise<Exit> {
  const { db, close } = await openPart(settings, database);
  try {
    await handOver(db, rotation);
    const { sealed, lost } = await sealAgain(db, rotation);
    print(`${sealed} secrets were sealed again`);
    for (const id of lost) print(`BAD: what ${id} holds opens by neither key`);
    return lost.length === 0 ? EXIT.good : EXIT.bad;
  } finally {
    await close();
  }
}
