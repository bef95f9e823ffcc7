import { createCipheriv, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { FileSecret } from './pskc-keys.ts';
import { HOTP, NAMESPACES, PBKDF2, TOTP } from './pskc-names.ts';
import type { FileToken } from './token.ts';

const KEY_BYTES = 16;
const MAC_KEY_BYTES = 20;
const IV_BYTES = 16;
const SALT_BYTES = 16;
/** OWASP's number for PBKDF2 with HMAC-SHA-1, the only PRF that RFC 6030 asks every reader to know. */
const ITERATIONS = 1_300_000;

const CIPHER = `${NAMESPACES.xenc}aes128-cbc`;
const MAC = `${NAMESPACES.ds}hmac-sha1`;

/** How the keys of a file are encrypted, and what its head says of that. */
interface Sealing {
  readonly head: string;
  readonly key: Uint8Array;
  readonly macKey: Uint8Array;
}

/**
 * Writes tokens as a PSKC container (RFC 6030), a package at a time: encrypted with AES-128-CBC and HMAC-SHA-1, which every
 * reader has to know, under a password or a key of 16 bytes; in clear without either.
 */
export async function* writePskc(
  tokens: AsyncIterable<FileToken>,
  secret: FileSecret,
  randomBytes: RandomBytes,
): AsyncGenerator<string, void, undefined> {
  const sealing = await sealingOf(secret, randomBytes);
  const { pskc, ds, xenc, xenc11, pkcs5 } = NAMESPACES;
  yield `<?xml version="1.0" encoding="UTF-8"?>
<KeyContainer Version="1.0" xmlns="${pskc}" xmlns:ds="${ds}" xmlns:xenc="${xenc}" xmlns:xenc11="${xenc11}" xmlns:pkcs5="${pkcs5}">
${sealing?.head ?? ''}`;
  for await (const token of tokens) yield packageOf(token, sealing, randomBytes);
  yield '</KeyContainer>\n';
}

async function sealingOf(
  { password, key }: FileSecret,
  randomBytes: RandomBytes,
): Promise<Sealing | undefined> {
  if (password !== undefined) {
    const salt = randomBytes(SALT_BYTES);
    const derived = await promisify(pbkdf2)(password.normalize('NFC'), salt, ITERATIONS, KEY_BYTES, 'sha1');
    return sealingUnder(
      derived,
      `    <xenc11:DerivedKey>
      <xenc11:KeyDerivationMethod Algorithm="${PBKDF2}">
        <pkcs5:PBKDF2-params>
          <Salt><Specified>${base64(salt)}</Specified></Salt>
          <IterationCount>${ITERATIONS}</IterationCount>
          <KeyLength>${KEY_BYTES}</KeyLength>
          <PRF/>
        </pkcs5:PBKDF2-params>
      </xenc11:KeyDerivationMethod>
      <xenc11:MasterKeyName>Password</xenc11:MasterKeyName>
    </xenc11:DerivedKey>`,
      randomBytes,
    );
  }
  if (key === undefined) return undefined;
  if (key.length !== KEY_BYTES) throw new RangeError(`a key for export has ${KEY_BYTES} bytes`);
  return sealingUnder(key, '    <ds:KeyName>Pre-shared-key</ds:KeyName>', randomBytes);
}

function sealingUnder(key: Uint8Array, how: string, randomBytes: RandomBytes): Sealing {
  const macKey = randomBytes(MAC_KEY_BYTES);
  const head = `  <EncryptionKey>
${how}
  </EncryptionKey>
  <MACMethod Algorithm="${MAC}">
    <MACKey>${encrypted(seal(key, macKey, randomBytes))}</MACKey>
  </MACMethod>
`;
  return { head, key, macKey };
}

/** The IV and what was encrypted. Node pads as PKCS #7 has it, which XML Encryption takes. */
function seal(key: Uint8Array, plain: Uint8Array, randomBytes: RandomBytes): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-128-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]);
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const encrypted = (sealed: Uint8Array) =>
  `<xenc:EncryptionMethod Algorithm="${CIPHER}"/><xenc:CipherData><xenc:CipherValue>${base64(sealed)}</xenc:CipherValue></xenc:CipherData>`;

/** A token's serial has letters and digits alone, so that nothing in here has to be escaped. */
function packageOf(token: FileToken, sealing: Sealing | undefined, randomBytes: RandomBytes): string {
  const { serial, parameters, expiresAt } = token;
  const { algorithm, digits, period } = parameters;
  const policy = expiresAt
    ? `\n      <Policy><ExpiryDate>${expiresAt.toISOString().replace(/\.\d+/, '')}</ExpiryDate></Policy>`
    : '';
  return `  <KeyPackage>
    <DeviceInfo><SerialNo>${serial}</SerialNo></DeviceInfo>
    <Key Id="${serial}" Algorithm="${period === null ? HOTP : TOTP}">
      <AlgorithmParameters><Suite>HMAC-${algorithm.replace('-', '')}</Suite><ResponseFormat Length="${digits}" Encoding="DECIMAL"/></AlgorithmParameters>
      <Data>
        <Secret>${secretOf(token.key, sealing, randomBytes)}</Secret>
        ${factorsOf(token)}
      </Data>${policy}
    </Key>
  </KeyPackage>
`;
}

function secretOf(key: Uint8Array, sealing: Sealing | undefined, randomBytes: RandomBytes): string {
  if (sealing === undefined) return `<PlainValue>${base64(key)}</PlainValue>`;
  const sealed = seal(sealing.key, key, randomBytes);
  const mac = createHmac('sha1', sealing.macKey).update(sealed).digest();
  return `<EncryptedValue>${encrypted(sealed)}</EncryptedValue><ValueMAC>${base64(mac)}</ValueMAC>`;
}

function factorsOf({ parameters, nextCount, drift }: FileToken): string {
  const value = (name: string, number: number) => `<${name}><PlainValue>${number}</PlainValue></${name}>`;
  if (parameters.period === null) return value('Counter', nextCount);
  return value('TimeInterval', parameters.period) + value('TimeDrift', drift);
}
