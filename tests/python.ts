import { execFileSync } from 'node:child_process';

let found: string | undefined;

/** A Python with the package `cryptography`, or how to get it. `npm test` installs it where it may. */
export function python(): string {
  found ??= ['python3', '/usr/bin/python3'].find(hasCryptography);
  if (found === undefined)
    throw new Error('python3-cryptography is needed: apt-get install python3-cryptography');
  return found;
}

function hasCryptography(command: string): boolean {
  try {
    execFileSync(command, ['-c', 'import cryptography'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
