import { type ContainerHead, containerKeys, type FileSecret, isGiven, type OpenValue } from './pskc-keys.ts';
import { HOTP, NAMESPACES, TOTP } from './pskc-names.ts';
import type { SeenTexts } from './seen.ts';
import {
  bytesOf,
  type FileRow,
  type FileToken,
  momentOf,
  RowError,
  TOKENS_MOST,
  TokenFileError,
  tokenOfTexts,
} from './token.ts';
import { at, valueAt } from './tree.ts';
import { childrenOfRoot, type Element } from './xml.ts';

/**
 * Reads a PSKC container (RFC 6030) from a stream. Of an encrypted key the MAC is checked before anything of it is decrypted.
 * A key in clear has none: where the file or who reads it says that keys are encrypted, somebody may have put it there.
 * A signature is not checked: whoever sent the file is known by other means.
 * @param ids empty
 * @throws TokenFileError where nothing of it may be taken
 */
export async function* readPskc(
  chunks: AsyncIterable<Uint8Array>,
  secret: FileSecret,
  ids: SeenTexts,
): AsyncGenerator<FileRow, void, undefined> {
  const head: ContainerHead = {};
  let keys: OpenValue | undefined;
  let packages = 0;
  const elements = childrenOfRoot(chunks);
  const { value: root } = await elements.next();
  checkRoot(root ?? undefined);
  for await (const element of elements) {
    const { name, line } = element;
    if (element.namespace === NAMESPACES.pskc && (name === 'EncryptionKey' || name === 'MACMethod')) {
      if (packages > 0) throw new TokenFileError('order', line);
      if (name === 'EncryptionKey') head.encryptionKey = element;
      else head.macMethod = element;
    }
    if (element.namespace !== NAMESPACES.pskc || name !== 'KeyPackage') continue;
    packages += 1;
    if (packages > TOKENS_MOST) throw new TokenFileError('too-many', line);
    try {
      const key = keyIn(element);
      const isEncrypted = at(key, 'Data', 'Secret', 'EncryptedValue') !== undefined;
      if (isEncrypted) keys ??= await keysOf(head, secret);
      else if (head.encryptionKey !== undefined || isGiven(secret)) {
        if (at(key, 'Data', 'Secret', 'PlainValue')) throw new TokenFileError('in-clear', line);
      }
      const token = tokenIn(element, key, keys);
      if (ids.add(key.attributes.Id ?? '')) throw new RowError('id-twice');
      const start = valueAt(key, 'Policy', 'StartDate');
      yield { line, token, ...(start !== undefined && { usableFrom: momentOf(start, 'begin') }) };
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      yield { line, refused: error.reason };
    }
  }
}

/** What is wrong with the head is wrong with all keys. */
async function keysOf(head: ContainerHead, secret: FileSecret): Promise<OpenValue> {
  try {
    return await containerKeys(head, secret);
  } catch (error) {
    throw error instanceof RowError
      ? new TokenFileError('other-encryption', head.encryptionKey?.line)
      : error;
  }
}

function checkRoot(root: Element | undefined): void {
  const isPskc =
    root?.namespace === NAMESPACES.pskc && root.name === 'KeyContainer' && root.attributes.Version === '1.0';
  if (!isPskc) throw new TokenFileError('not-pskc', root?.line);
}

function keyIn(keyPackage: Element): Element {
  const key = at(keyPackage, 'Key');
  if (key === undefined) throw new RowError('no-key');
  return key;
}

function tokenIn(keyPackage: Element, key: Element, open: OpenValue | undefined): FileToken {
  // The secret comes first: a wrong MAC is about the whole file, whatever else is wrong with the token.
  const bytes = secretOf(key, open);
  const { Algorithm: algorithm } = key.attributes;
  if (algorithm !== HOTP && algorithm !== TOTP) throw new RowError('other-kind');
  const format = at(key, 'AlgorithmParameters', 'ResponseFormat');
  const { Encoding: encoding = 'DECIMAL', CheckDigits: checkDigits = 'false' } = format?.attributes ?? {};
  if (encoding !== 'DECIMAL' || !['false', '0'].includes(checkDigits)) throw new RowError('other-codes');
  return tokenOfTexts({
    serial: valueAt(keyPackage, 'DeviceInfo', 'SerialNo'),
    isCounted: algorithm === HOTP,
    hash: valueAt(key, 'AlgorithmParameters', 'Suite'),
    digits: format?.attributes.Length,
    period: plainOf(key, 'TimeInterval'),
    counter: plainOf(key, 'Counter'),
    drift: plainOf(key, 'TimeDrift'),
    expires: expiryOf(key),
    key: bytes,
  });
}

function secretOf(key: Element, open: OpenValue | undefined): Uint8Array<ArrayBuffer> {
  const secret = at(key, 'Data', 'Secret');
  const sealed = secret && at(secret, 'EncryptedValue');
  const plain = secret && at(secret, 'PlainValue');
  if (sealed !== undefined && open !== undefined) return open(sealed, secret && at(secret, 'ValueMAC'));
  if (plain === undefined) throw new RowError('no-key');
  const bytes = bytesOf(plain.text, 'base64');
  if (bytes === undefined) throw new RowError('bad-key');
  return bytes;
}

function plainOf(key: Element, name: string): string | undefined {
  const value = at(key, 'Data', name);
  if (value && at(value, 'EncryptedValue')) throw new RowError('sealed-counter');
  return valueAt(value, 'PlainValue');
}

/** What a policy may say; what it says beyond that forbids the use of the key (§5). */
const KNOWN_POLICY: readonly string[] = ['StartDate', 'ExpiryDate', 'KeyUsage'];

function expiryOf(key: Element): string | undefined {
  const policy = at(key, 'Policy');
  const usages = policy?.children.filter(({ name }) => name === 'KeyUsage') ?? [];
  const isKnown = policy?.children.every(({ name }) => KNOWN_POLICY.includes(name)) ?? true;
  if (!isKnown || (usages.length > 0 && !usages.some(({ text }) => text.trim() === 'OTP'))) {
    throw new RowError('other-policy');
  }
  return valueAt(policy, 'ExpiryDate');
}
