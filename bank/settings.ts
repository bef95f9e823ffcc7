import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Directory } from '../core/institution/directory.ts';
import { environmentName } from '../core/institution/environment.ts';
import { FIRST_PORT } from '../core/institution/ports.ts';
import { loadDirectory } from '../host/directory.ts';
import { type TrustedProxies, trustedProxies } from '../host/source.ts';
import { BANK_KEY_BYTES } from './keys.ts';

/** What the environment says. */
export interface Settings {
  readonly port: number;
  readonly dataFolder: string;
  readonly directory: Directory;
  /** Demo customers are only for the directory we ship. */
  readonly isDefaultDirectory: boolean;
  readonly tokenServiceUrl: string;
  readonly databaseUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly unsafeTestClock: boolean;
  readonly trustedProxies: TrustedProxies;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error with a message for the operator */
export function readSettings(env: Environment): Settings {
  const firstPort = Number(env.WARIFU_PORT ?? FIRST_PORT);
  if (!Number.isInteger(firstPort) || firstPort < 1 || firstPort > 65_533) {
    throw new Error('WARIFU_PORT must be a port number, the first of three in a row');
  }
  return {
    port: firstPort + 1,
    dataFolder: env.WARIFU_DATA ?? './data',
    directory: loadDirectory(env.WARIFU_DIRECTORY, firstPort),
    isDefaultDirectory: env.WARIFU_DIRECTORY === undefined,
    tokenServiceUrl: env.TOKEN_SERVICE_URL ?? `http://127.0.0.1:${firstPort}`,
    databaseUrl: env.BANK_DATABASE_URL,
    smtpUrl: env.SMTP_URL,
    unsafeTestClock: env.WARIFU_UNSAFE_TEST_CLOCK === '1',
    trustedProxies: trustedProxies(env.WARIFU_TRUSTED_PROXIES ?? ''),
  };
}

/** The bank's key from the environment, or its own, made at the first start. */
export function readBankKey(
  env: Environment,
  dataFolder: string,
  randomBytes: (length: number) => Uint8Array,
): Uint8Array {
  if (env.WARIFU_BANK_KEY !== undefined) {
    const key = new Uint8Array(Buffer.from(env.WARIFU_BANK_KEY, 'base64url'));
    if (key.length !== BANK_KEY_BYTES) throw new Error('WARIFU_BANK_KEY must be 32 bytes as base64url');
    return key;
  }
  const file = join(dataFolder, 'bank.key');
  mkdirSync(dataFolder, { recursive: true });
  try {
    const made = Buffer.from(randomBytes(BANK_KEY_BYTES)).toString('base64url');
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return new Uint8Array(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url'));
}

/** An institution's API key: from the environment, or from the file the token service writes at its first start. */
export async function readApiKey(
  env: Environment,
  dataFolder: string,
  institution: string,
): Promise<string | undefined> {
  const named = env[`WARIFU_API_KEY_${environmentName(institution)}`];
  if (named !== undefined) return named;
  try {
    return (await readFile(join(dataFolder, 'api-keys', institution), 'utf8')).trim();
  } catch {
    return undefined;
  }
}
