import type { Text } from '../../core/shell.ts';
import type { PasskeySupport } from '../../core/vault/lock.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PasskeyAnswer, Passkeys } from '../storage/lock.ts';

/** ES256 and RS256 (RFC 9053 §2.1, RFC 8812 §2). The signature itself is not used. */
const ALGORITHMS: PublicKeyCredentialParameters[] = [-7, -257].map((alg) => ({ type: 'public-key', alg }));

/** The bit of the authenticator data that says the user was verified (WebAuthn Level 3 §6.1). */
const USER_VERIFIED = 0x04;
const FLAGS_AT = 32;

const SECRET_BYTES = 32;

/**
 * Passkeys with a PRF (WebAuthn Level 3 §10.1.4): the same passkey returns the same 32 bytes for the same salt, on this origin
 * and after verifying the user. Nobody checks a signature, so challenges are not stored.
 */
export function createPasskeys(text: Text<string>, randomBytes: RandomBytes): Passkeys {
  const ask: Passkeys['ask'] = (credentialId, prfSalt) =>
    answered(async () => {
      const credential = await navigator.credentials.get({
        publicKey: {
          challenge: randomBytes(32),
          allowCredentials: [{ type: 'public-key', id: credentialId }],
          userVerification: 'required',
          extensions: { prf: { eval: { first: prfSalt } } },
        },
      });
      return secretIn(credential, credentialId);
    });

  const create: Passkeys['create'] = (prfSalt) =>
    answered(async () => {
      const name = text('extensionName');
      const credential = await navigator.credentials.create({
        publicKey: {
          challenge: randomBytes(32),
          rp: { name },
          user: { id: randomBytes(16), name, displayName: name },
          pubKeyCredParams: ALGORITHMS,
          authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
          extensions: { prf: { eval: { first: prfSalt } } },
        },
      });
      if (!(credential instanceof PublicKeyCredential)) return { kind: 'unsupported' };
      const credentialId = new Uint8Array(credential.rawId);
      const made = secretIn(credential, credentialId);
      // Many authenticators return the secret only when they are asked again.
      const enabled = credential.getClientExtensionResults().prf?.enabled === true;
      return made.kind === 'secret' || !enabled ? made : ask(credentialId, prfSalt);
    });

  return { support: passkeySupport(), create, ask };
}

/** WebAuthn raises a SecurityError on the pages of Firefox extensions. */
function passkeySupport(): PasskeySupport {
  if (location.protocol === 'moz-extension:') return 'extension';
  return 'PublicKeyCredential' in globalThis ? 'ready' : 'missing';
}

async function answered(act: () => Promise<PasskeyAnswer>): Promise<PasskeyAnswer> {
  try {
    return await act();
  } catch (error) {
    const kind =
      error instanceof DOMException && error.name === 'NotSupportedError' ? 'unsupported' : 'cancelled';
    return { kind };
  }
}

function secretIn(credential: Credential | null, credentialId: Uint8Array<ArrayBuffer>): PasskeyAnswer {
  if (!(credential instanceof PublicKeyCredential)) return { kind: 'unsupported' };
  if (!isUserVerified(credential.response)) return { kind: 'unsupported' };
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first?.byteLength !== SECRET_BYTES) return { kind: 'unsupported' };
  return { kind: 'secret', secret: bytesOf(first), credentialId };
}

/** A copy of the bytes, as a password manager that answers for the browser may return a view of its own memory. */
function bytesOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(source) ? source : new Uint8Array(source);
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function isUserVerified(response: AuthenticatorResponse): boolean {
  const data =
    response instanceof AuthenticatorAssertionResponse
      ? response.authenticatorData
      : response instanceof AuthenticatorAttestationResponse && response.getAuthenticatorData();
  return data !== false && ((new Uint8Array(data)[FLAGS_AT] ?? 0) & USER_VERIFIED) !== 0;
}
