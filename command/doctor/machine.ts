import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directoryOf, type Settings } from '../../host/settings.ts';
import { loadPushKey } from '../../server/keys.ts';
import { loadSigningKey, SIGNING_KEY_FILES } from '../../server/signing-key.ts';
import { KEY_FOLDERS, keyFilesIn } from '../backup/key-files.ts';
import { messageOf } from '../errors.ts';
import { PARTS } from '../parts.ts';
import { error, type Line, ok, warning } from './line.ts';

/** Permission bits of other users. */
const OTHERS = 0o077;

export function directoryLine(settings: Settings): Line {
  try {
    const directory = directoryOf(settings);
    const from = settings.directoryFile ?? 'the default one, for a demonstration';
    return ok('directory', `${from}: ${directory.institutions.length} institutions`);
  } catch (cause) {
    return error('directory', `${messageOf(cause)}; mend that line of WARIFU_DIRECTORY`);
  }
}

/** Whether the data folder and the keys in it are for this user alone. */
export function* folderLines({ dataFolder }: Settings): Generator<Line> {
  const about = 'data folder';
  if (!existsSync(dataFolder)) {
    yield warning(
      about,
      `${dataFolder} is not there; the first start makes it, or WARIFU_DATA names another`,
    );
    return;
  }
  const folders = KEY_FOLDERS.filter((name) => existsSync(join(dataFolder, name)));
  const within = [...folders, ...keyFilesIn(dataFolder)].map((name) => join(dataFolder, name));
  const modes = [dataFolder, ...within].map((path) => ({
    path,
    mode: statSync(path, { throwIfNoEntry: false })?.mode,
  }));
  const lost = modes.filter(({ mode }) => mode === undefined);
  for (const { path } of lost)
    yield error(about, `${path} leads to nothing; put the key there, or remove the link`);
  const open = modes.filter(({ mode = 0 }) => (mode & OTHERS) !== 0).map(({ path }) => path);
  for (const path of open) yield error(about, `other users can reach ${path}; chmod go= ${path}`);
  const stranger = statSync(dataFolder).uid !== process.getuid?.();
  if (stranger) {
    yield warning(about, `${dataFolder} is another user's; run this as the user of the parts`);
  }
  if (lost.length === 0 && open.length === 0 && !stranger)
    yield ok(about, `${dataFolder} is for its user alone`);
}

interface Key {
  readonly about: string;
  readonly file: string;
  readonly variable: string;
  readonly given: string | undefined;
  readonly load: () => Promise<unknown>;
}

/** Whether each key is there and is one. Which database it belongs to is seen there. */
export async function* keyLines(settings: Settings): AsyncGenerator<Line> {
  const { dataFolder, signingKey, pushKey } = settings;
  const ofParts = Object.values(PARTS).map(({ name, keyFile, keyVariable, givenKey, load }) => ({
    about: `key of the ${name}`,
    file: keyFile,
    variable: keyVariable,
    given: givenKey(settings),
    load: () => load(settings),
  }));
  const keys: Key[] = [
    ...ofParts,
    {
      about: 'signing key',
      file: SIGNING_KEY_FILES.present,
      variable: 'WARIFU_SIGNING_KEY',
      given: signingKey,
      load: () => loadSigningKey(settings),
    },
    {
      about: 'push key',
      file: 'push-key.json',
      variable: 'WARIFU_PUSH_KEY',
      given: pushKey,
      load: () => loadPushKey(dataFolder, pushKey),
    },
  ];
  for (const key of keys) yield await keyLine(dataFolder, key);
}

async function keyLine(dataFolder: string, { about, file, variable, given, load }: Key): Promise<Line> {
  const path = join(dataFolder, file);
  if (given === undefined && !existsSync(path)) {
    const first = 'the first start makes it; where there is a database already, put the old one back';
    return warning(about, `neither in ${variable} nor in ${path}; ${first}`);
  }
  const from = given === undefined ? path : variable;
  try {
    await load();
    return ok(about, `from ${from}`);
  } catch (cause) {
    return error(about, `${from} holds no such key: ${messageOf(cause)}; put the right one there`);
  }
}
