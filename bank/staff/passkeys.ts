import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import {
  insertChallenge,
  insertPasskey,
  notePasskeyUse,
  type PasskeyRow,
  passkeysOf,
  takeChallenge,
} from '../store/passkeys.ts';
import type { SignedIn, StaffContext } from './context.ts';
import { recordOwnAct } from './own-acts.ts';
import { endSessionsOfClerk, startByPasskey } from './session.ts';

/*
 * Passkeys of staff (WebAuthn Level 3), as a second step after the password. A challenge belongs to one session and one purpose
 * and is taken once; origin and RP ID are the console's.
 */

type Purpose = 'register' | 'sign-in';

const rpOf = ({ staff }: Pick<BankDependencies, 'staff'>) => ({
  origin: staff.origin,
  id: new URL(staff.origin).hostname,
});

const text = z.string().max(16_000);

const shape = {
  id: z.string().min(1).max(1_400),
  rawId: z.string().max(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
};

const registrationSchema = z.object({
  ...shape,
  response: z.object({ clientDataJSON: text, attestationObject: text }),
});

const signInSchema = z.object({
  ...shape,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text }),
});

/** @returns undefined for what is no such response */
function parsed<Schema extends z.ZodType>(sent: string, schema: Schema): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(sent)).data;
  } catch {
    return undefined;
  }
}

async function newChallenge(
  c: StaffContext,
  { db, clock, randomBytes }: BankDependencies,
  purpose: Purpose,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(randomBytes(32));
  const challenge = Buffer.from(bytes).toString('base64url');
  const sessionHash = sha256(c.get('visitor').id);
  await insertChallenge(db, { challenge, sessionHash, purpose }, new Date(clock()));
  return bytes;
}

/** A challenge lasts as long as an idle session. */
const takes =
  (c: StaffContext, { db, clock }: BankDependencies, { institution }: SignedIn, purpose: Purpose) =>
  (challenge: string): Promise<boolean> => {
    const since = new Date(clock() - policyOf(institution).idleMinutes * 60_000);
    return takeChallenge(db, { challenge, sessionHash: sha256(c.get('visitor').id), purpose }, since);
  };

const known = (passkeys: readonly PasskeyRow[]) => passkeys.map(({ id }) => ({ id }));

/** What the browser is asked to make a passkey with, as JSON. @param passkeys that the member of staff has */
export async function registrationOptions(
  c: StaffContext,
  dependencies: BankDependencies,
  { clerk, institution }: SignedIn,
  passkeys: readonly PasskeyRow[],
): Promise<string> {
  const options = await generateRegistrationOptions({
    rpName: '職員コンソール',
    rpID: rpOf(dependencies).id,
    userID: new TextEncoder().encode(sha256(`staff ${clerk.id}`)),
    userName: `${clerk.staff_id}（${institution.name}）`,
    userDisplayName: clerk.name,
    challenge: await newChallenge(c, dependencies, 'register'),
    attestationType: 'none',
    excludeCredentials: known(passkeys),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  });
  return JSON.stringify(options);
}

/** @returns false where the response is none to this session's question, or is not what it says, or there is no room */
export async function registerPasskey(
  c: StaffContext,
  dependencies: BankDependencies,
  by: SignedIn,
  { name, response }: { readonly name: string; readonly response: string },
): Promise<boolean> {
  const sent = parsed(response, registrationSchema);
  if (sent === undefined) return false;
  const { origin, id: expectedRPID } = rpOf(dependencies);
  const { registrationInfo } = await verifyRegistrationResponse({
    response: sent,
    expectedChallenge: takes(c, dependencies, by, 'register'),
    expectedOrigin: origin,
    expectedRPID,
    requireUserVerification: false,
  }).catch(() => ({ registrationInfo: undefined }));
  if (registrationInfo === undefined) return false;
  const { id, publicKey, counter } = registrationInfo.credential;
  return dependencies.db.transaction().execute(async (trx) => {
    const isNew = await insertPasskey(trx, {
      id,
      clerk_id: by.clerk.id,
      name,
      public_key: publicKey,
      counter,
      added_at: new Date(dependencies.clock()),
    });
    if (isNew) {
      await recordOwnAct(dependencies, trx, by, 'passkey-add', name);
      await endSessionsOfClerk(trx, by.clerk.id, c.get('visitor').id);
    }
    return isNew;
  });
}

/** What the browser is asked to use a passkey with, as JSON. */
export async function signInOptions(
  c: StaffContext,
  dependencies: BankDependencies,
  { clerk }: SignedIn,
): Promise<string> {
  const options = await generateAuthenticationOptions({
    rpID: rpOf(dependencies).id,
    challenge: await newChallenge(c, dependencies, 'sign-in'),
    allowCredentials: known(await passkeysOf(dependencies.db, clerk.id)),
    userVerification: 'preferred',
  });
  return JSON.stringify(options);
}

/**
 * Signs a member of staff in by a passkey of theirs.
 * @returns false unless the response is to this session's question, for the first time
 */
export async function signInByPasskey(
  c: StaffContext,
  dependencies: BankDependencies,
  by: SignedIn,
  response: string,
): Promise<boolean> {
  const { db, clock } = dependencies;
  const sent = parsed(response, signInSchema);
  const passkey = (await passkeysOf(db, by.clerk.id)).find(({ id }) => id === sent?.id);
  if (sent === undefined || passkey === undefined) return false;
  const { origin, id: expectedRPID } = rpOf(dependencies);
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: sent,
    expectedChallenge: takes(c, dependencies, by, 'sign-in'),
    expectedOrigin: origin,
    expectedRPID,
    credential: {
      id: passkey.id,
      publicKey: new Uint8Array(passkey.public_key),
      counter: Number(passkey.counter),
    },
    requireUserVerification: false,
  }).catch(() => ({ verified: false, authenticationInfo: undefined }));
  if (!verified || authenticationInfo === undefined) return false;
  const use = { id: passkey.id, clerkId: by.clerk.id, counter: authenticationInfo.newCounter };
  return startByPasskey(c, dependencies, by.clerk, (trx) =>
    notePasskeyUse(trx, { ...use, at: new Date(clock()) }),
  );
}
