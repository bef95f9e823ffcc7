import { createDecipheriv, createHmac, createSecretKey, type KeyObject, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { sameBytes } from '../compare.ts';
import { CIPHERS, MACS, PBKDF2 } from './pskc-names.ts';
import { bytesOf, TokenFileError } from './token.ts';
import { at, valueAt } from './tree.ts';
import type { Element } from './xml.ts';

/** What opens an encrypted file: a password, or a key that was agreed beforehand. */
export interface FileSecret {
  readonly password?: string | undefined;
  readonly key?: Uint8Array<ArrayBuffer> | undefined;
}

/** Whether a file is expected to be encrypted. */
export const isGiven = ({ password, key }: FileSecret): boolean =>
  password !== undefined || key !== undefined;

/** What a container says of how its keys are encrypted. */
export interface ContainerHead {
  encryptionKey?: Element;
  macMethod?: Element;
}

/** Opens the encrypted values of a container. @throws TokenFileError where a MAC or a key is wrong */
export type OpenValue = (value: Element, mac: Element | undefined) => Uint8Array<ArrayBuffer>;

/** Of the keys of AES. */
const KEY_BYTES: readonly number[] = [16, 24, 32];

/**
 * A key that was agreed beforehand, in hexadecimal digits.
 * @returns undefined where it is none
 */
export function agreedKey(hex: string): Uint8Array<ArrayBuffer> | undefined {
  const key = bytesOf(hex, 'hex');
  return key !== undefined && KEY_BYTES.includes(key.length) ? key : undefined;
}

const IV_BYTES = 16;
/** PBKDF2 takes its time for each; a file decides how many, so they are bounded. */
const ITERATIONS_MOST = 10_000_000;
const SALT_BYTES_MOST = 1_024;

const derive = promisify(pbkdf2);

/** Gets the keys of a container ready. @throws TokenFileError */
export async function containerKeys(
  { encryptionKey, macMethod }: ContainerHead,
  secret: FileSecret,
): Promise<OpenValue> {
  if (encryptionKey === undefined) throw new TokenFileError('other-encryption');
  const key = await keyOf(encryptionKey, secret);
  const hash = MACS.get(macMethod?.attributes.Algorithm);
  if (macMethod === undefined) throw new TokenFileError('no-mac', encryptionKey.line);
  if (hash === undefined) throw new TokenFileError('other-encryption', macMethod.line);
  // Its own MAC key, which no MAC protects: a wrong one makes every MAC wrong. Without one it is the key itself (§6.1.1).
  const sealedMacKey = at(macMethod, 'MACKey');
  const macKey = sealedMacKey === undefined ? key : createSecretKey(decrypt(key, sealedMacKey));

  return (value, mac) => {
    const expected = mac && bytesOf(mac.text, 'base64');
    if (expected === undefined) throw new TokenFileError('no-mac', value.line);
    const sealed = sealedBytes(value);
    if (!sameBytes(createHmac(hash, macKey).update(sealed).digest(), expected)) {
      throw new TokenFileError('wrong-key', value.line);
    }
    return decrypt(key, value);
  };
}

/** As a key object: from bytes one would be made at each use. */
async function keyOf(encryptionKey: Element, { password, key }: FileSecret): Promise<KeyObject> {
  const derived = at(encryptionKey, 'DerivedKey');
  if (derived !== undefined) {
    if (password === undefined) throw new TokenFileError('password-needed', encryptionKey.line);
    return createSecretKey(await derivedKey(derived, password));
  }
  if (at(encryptionKey, 'KeyName') === undefined)
    throw new TokenFileError('other-encryption', encryptionKey.line);
  if (key === undefined) throw new TokenFileError('key-needed', encryptionKey.line);
  return createSecretKey(key);
}

/** PBKDF2 as XML Encryption 1.1 has it: the PRF is HMAC-SHA-1 where none is named. */
function derivedKey(derived: Element, password: string): Promise<Uint8Array> {
  const method = at(derived, 'KeyDerivationMethod');
  const parameters = method && at(method, 'PBKDF2-params');
  const salt = bytesOf(valueAt(parameters, 'Salt', 'Specified') ?? '', 'base64');
  const iterations = Number(valueAt(parameters, 'IterationCount'));
  const keyBytes = Number(valueAt(parameters, 'KeyLength') ?? 16);
  const prf = parameters && at(parameters, 'PRF')?.attributes.Algorithm;
  const hash = prf === undefined ? 'sha1' : MACS.get(prf);
  const isSupported =
    method?.attributes.Algorithm === PBKDF2 &&
    salt !== undefined &&
    salt.length <= SALT_BYTES_MOST &&
    Number.isInteger(iterations) &&
    iterations >= 1 &&
    iterations <= ITERATIONS_MOST &&
    KEY_BYTES.includes(keyBytes) &&
    hash !== undefined;
  if (!isSupported) throw new TokenFileError('other-encryption', derived.line);
  return derive(password.normalize('NFC'), salt, iterations, keyBytes, hash);
}

const sealedBytes = (value: Element) =>
  bytesOf(valueAt(value, 'CipherData', 'CipherValue') ?? '', 'base64') ?? new Uint8Array();

/** What was encrypted with AES-CBC, its IV in front, padded as XML Encryption §5.2 asks: only the last byte counts. */
function decrypt(key: KeyObject, value: Element): Uint8Array<ArrayBuffer> {
  const cipher = CIPHERS.get(at(value, 'EncryptionMethod')?.attributes.Algorithm);
  if (cipher === undefined) throw new TokenFileError('other-encryption', value.line);
  const sealed = sealedBytes(value);
  const isWhole = sealed.length >= 2 * IV_BYTES && sealed.length % IV_BYTES === 0;
  if (key.symmetricKeySize !== cipher.keyBytes || !isWhole) throw new TokenFileError('wrong-key', value.line);
  const decipher = createDecipheriv(cipher.name, key, sealed.subarray(0, IV_BYTES)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES)), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > IV_BYTES) throw new TokenFileError('wrong-key', value.line);
  return new Uint8Array(padded.subarray(0, padded.length - padding));
}
