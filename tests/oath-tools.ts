import { execFileSync } from 'node:child_process';

/** The independent OATH implementations, or how to get them. `npm test` installs them where it may. */
export const oathtool = () => found('oathtool');
export const pskctool = () => found('pskctool');

const known = new Set<string>();

function found(tool: string): string {
  if (known.has(tool)) return tool;
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
  } catch (cause) {
    throw new Error(`${tool} is needed: apt-get install ${tool}`, { cause });
  }
  known.add(tool);
  return tool;
}
