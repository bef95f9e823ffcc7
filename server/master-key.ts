import { join } from 'node:path';
import { KEY_BYTES } from '../core/otp/key.ts';
import { open } from '../core/vault/seal.ts';
import type { Sealed } from '../core/vault/sealed.ts';
import { keptKey, readText } from '../host/key-file.ts';
import type { Settings } from '../host/settings.ts';
import { newSecret } from './keys.ts';

/**
 * What secrets at rest are sealed under. While it is rotated there are two: first every node learns the next one, then every
 * node seals under it and opens by the previous one still, then everything is sealed again.
 */
export interface MasterKey {
  readonly sealing: CryptoKey;
  /** Keys that secrets may be sealed under, the likeliest first. */
  readonly opening: readonly CryptoKey[];
  /** Keys that the database may be held by, the sealing one first: one that is only to come is not among them. */
  readonly holding: readonly CryptoKey[];
}

/**
 * `WARIFU_MASTER_KEY` (32 bytes, base64url), or a key made on first start in the data folder; and while it is rotated
 * `WARIFU_MASTER_KEY_NEXT` and `WARIFU_MASTER_KEY_PREVIOUS`, or files beside it.
 */
export async function loadMasterKey({
  dataFolder,
  masterKey,
  masterKeyNext,
  masterKeyPrevious,
}: Pick<Settings, 'dataFolder' | 'masterKey' | 'masterKeyNext' | 'masterKeyPrevious'>): Promise<MasterKey> {
  const beside = (file: string) => readText(join(dataFolder, file));
  const previousText = masterKeyPrevious ?? beside('master-previous.key');
  const nextText = masterKeyNext ?? beside('master-next.key');
  const text = masterKey ?? keptKey(join(dataFolder, 'master.key'), newSecret, [previousText, nextText]);
  const sealing = await masterKeyOf(text, 'WARIFU_MASTER_KEY');
  const previous = await other(previousText, 'WARIFU_MASTER_KEY_PREVIOUS');
  const next = await other(nextText, 'WARIFU_MASTER_KEY_NEXT');
  const holding = [sealing, ...previous];
  return { sealing, holding, opening: [...holding, ...next] };
}

const other = async (text: string | undefined, name: string) =>
  text === undefined ? [] : [await masterKeyOf(text, name)];

/** @param name the variable that the operator set */
async function masterKeyOf(text: string, name: string): Promise<CryptoKey> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== KEY_BYTES) throw new Error(`${name} must be 32 bytes in base64url`);
  // otp-key.ts hands it to node:crypto, so it has to be extractable.
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', true, ['encrypt', 'decrypt']);
}

/** Opens what was sealed under any of the keys. @throws Error if none of them does */
export async function openSealed(
  masterKey: MasterKey,
  sealed: Sealed,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  let failure: unknown;
  for (const key of masterKey.opening) {
    try {
      return await open(key, sealed, context);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
