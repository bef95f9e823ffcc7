import { readFileSync } from 'node:fs';
import { agreedKey, type FileSecret } from '../host/token-file/pskc-keys.ts';
import { CannotTellError, messageOf } from './errors.ts';

/** Where the secret of a file of tokens is: never on the command line, which other users of the machine can see. */
export interface SecretOptions {
  readonly passwordFile?: string;
  readonly keyFile?: string;
}

const STANDARD_INPUT = '-';
const MOST_BYTES = 4_096;

/** Reads the password, the first line of its file, or the key, in hexadecimal digits. @throws CannotTellError */
export function readSecret({ passwordFile, keyFile }: SecretOptions): FileSecret {
  if (passwordFile !== undefined && keyFile !== undefined) {
    throw new CannotTellError('a file has a password or a key, not both');
  }
  if (passwordFile !== undefined) {
    const [password = ''] = contentOf(passwordFile).split(/\r?\n/);
    if (password === '') throw new CannotTellError(`there is no password in ${passwordFile}`);
    return { password };
  }
  if (keyFile === undefined) return {};
  const key = agreedKey(contentOf(keyFile));
  if (key === undefined) {
    throw new CannotTellError(`${keyFile} has no key of 16, 24 or 32 bytes in hexadecimal digits`);
  }
  return { key };
}

function contentOf(file: string): string {
  try {
    const content = readFileSync(file === STANDARD_INPUT ? process.stdin.fd : file);
    if (content.length > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    return content.toString();
  } catch (error) {
    throw new CannotTellError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
