import { readFileSync } from 'node:fs';
import { type Directory, directorySchema } from '../core/institution/directory.ts';
import { onPorts } from '../core/institution/ports.ts';

const DEFAULT = new URL('../core/institution/default.json', import.meta.url);

/**
 * Reads the directory a deployment is for.
 * @param path `WARIFU_DIRECTORY`; the default directory where it is not set
 * @param firstPort `WARIFU_PORT`: where the default directory's origins are
 * @throws Error naming the file and what is wrong in it
 */
export function loadDirectory(path: string | undefined, firstPort: number): Directory {
  const file = path ?? DEFAULT;
  const parsed = directorySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return path === undefined ? onPorts(parsed.data, firstPort) : parsed.data;
}
