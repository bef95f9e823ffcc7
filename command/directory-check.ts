import { loadDirectory } from '../host/directory.ts';
import type { Settings } from '../host/settings.ts';
import { messageOf } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';

/** Reads a directory as the parts do at their start, and prints what they would say. */
export function directoryCheck(
  { firstPort }: Pick<Settings, 'firstPort'>,
  file: string,
  print: (line: string) => void,
): Exit {
  try {
    const { institutions } = loadDirectory(file, firstPort);
    const keys = institutions.map(({ key }) => key);
    print(`${file}: good: ${keys.length} institutions: ${keys.join(', ')}`);
    return EXIT.good;
  } catch (error) {
    print(messageOf(error));
    return EXIT.bad;
  }
}
