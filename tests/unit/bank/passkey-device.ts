import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A software passkey: the answers of a browser and its device (WebAuthn Level 3 §6). */

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const base64url = (data: string | Uint8Array) => Buffer.from(data).toString('base64url');

/** CBOR (RFC 8949), as far as it is needed here: short byte strings and small maps. */
const bytes = (data: Uint8Array) =>
  data.length < 256
    ? Buffer.concat([Buffer.from([0x58, data.length]), data])
    : Buffer.concat([Buffer.from([0x59, data.length >> 8, data.length & 0xff]), data]);
const text = (data: string) => Buffer.concat([Buffer.from([0x60 + data.length]), Buffer.from(data)]);

interface Asked {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge: string;
  /** The device's counter; by default the number of uses. */
  readonly counter?: number;
}

const ORIGIN = 'http://staff.localhost:4601';
const RP_ID = 'staff.localhost';

export function createPasskeyDevice({ counts = true } = {}) {
  const id = randomBytes(32);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  let uses = 0;
  const next = () => (counts ? ++uses : 0);

  const authenticatorData = (rpId: string, flags: number, counter: number) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const clientData = (type: string, challenge: string, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const common = { id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {} };

  /** Answer to `navigator.credentials.create`, as JSON. */
  function register({ origin = ORIGIN, rpId = RP_ID, challenge, counter = next() }: Asked): string {
    const cose = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      bytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      bytes(Buffer.from(y, 'base64url')),
    ]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    const data = Buffer.concat([authenticatorData(rpId, 0x45, counter), attested]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(data),
    ]);
    const clientDataJSON = base64url(clientData('webauthn.create', challenge, origin));
    return JSON.stringify({
      ...common,
      response: { clientDataJSON, attestationObject: base64url(attestationObject) },
    });
  }

  /** Answer to `navigator.credentials.get`, as JSON. */
  function use({ origin = ORIGIN, rpId = RP_ID, challenge, counter = next() }: Asked): string {
    const data = authenticatorData(rpId, 0x05, counter);
    const client = clientData('webauthn.get', challenge, origin);
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
    const response = {
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(signature),
    };
    return JSON.stringify({ ...common, response });
  }

  return { id: base64url(id), register, use };
}

export type PasskeyDevice = ReturnType<typeof createPasskeyDevice>;
