import { execFileSync } from 'node:child_process';

/** Finds the independent OATH implementation, or says how to install it. `npm test` installs it if it may. */
export function oathtool(): string {
  try {
    execFileSync('oathtool', ['--version'], { stdio: 'ignore' });
    return 'oathtool';
  } catch (cause) {
    throw new Error('oathtool is needed: apt-get install oathtool', { cause });
  }
}
