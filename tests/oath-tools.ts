import { execFileSync } from 'node:child_process';

/** The independent OATH implementations, or how to get them. `npm test` installs them where it may. */
export const oathtool = () => found('oathtool');
export const pskctool = () => found('pskctool');

function found(tool: string): string {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return tool;
  } catch (cause) {
    throw new Error(`${tool} is needed: apt-get install ${tool}`, { cause });
  }
}
