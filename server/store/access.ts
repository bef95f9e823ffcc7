import { sql } from 'kysely';
import { confirmationJsonSchema } from './confirmation-rows.ts';
import type { Database } from './database.ts';
import type { ApiKeyKind, ConfirmationRow, TokenRow } from './schema.ts';

/** A bank's or staff's request before it is let in. `keyHash` is the SHA-256 of its API key. */
export interface Admission {
  readonly keyHash: Uint8Array<ArrayBuffer>;
  /** ユーザID of the token it names, if any. */
  readonly userId: string | undefined;
  /** Id of the token's confirmation it names, if any. */
  readonly confirmationId: string | undefined;
}

/** The institution that makes the request, and those of the named token and confirmation that it has. */
export interface Admitted {
  readonly institution: string;
  readonly kind: ApiKeyKind;
  readonly token: TokenRow | undefined;
  readonly confirmation: ConfirmationRow | undefined;
}

/**
 * Finds the institutions of API keys and the tokens and confirmations that their requests name.
 * @returns in the order given; undefined for an unknown key
 */
export async function admit(
  db: Database,
  admissions: readonly Admission[],
): Promise<(Admitted | undefined)[]> {
  const asked = admissions.map(({ keyHash, userId, confirmationId }, place) => ({
    place,
    hash: Buffer.from(keyHash).toString('hex'),
    user_id: userId,
    confirmation_id: confirmationId,
  }));
  const { rows } = await sql<Named & { admitted: string; key_kind: ApiKeyKind }>`
    select asked.place, api_keys.institution as admitted, api_keys.kind as key_kind, ${named}
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as asked(place integer, hash text, user_id text, confirmation_id text)
    join api_keys on api_keys.hash = decode(asked.hash, 'hex') and api_keys.revoked_at is null
    left join tokens on tokens.institution = api_keys.institution and tokens.user_id = asked.user_id
    ${confirmationById}`.execute(db);
  const byPlace = new Map(
    rows.map(({ admitted: institution, key_kind: kind, ...row }) => [
      row.place,
      { institution, kind, ...namedIn(row) },
    ]),
  );
  return asked.map(({ place }) => byPlace.get(place));
}

/** A token's request before it is let in. Its proof is checked, except whether it was used before. */
export interface ProofAdmission {
  readonly jti: string;
  /** When the proof's id may be forgotten. */
  readonly expiresAt: Date;
  /** Thumbprint of the key that signed it. */
  readonly jkt: string;
  readonly confirmationId: string | undefined;
}

/** The device whose key signed a proof. */
export interface SigningDevice {
  readonly id: string;
  readonly mayDecide: boolean;
  readonly mayMakeCodes: boolean;
  /** To the hour. */
  readonly lastSeenAt: Date | null;
}

export interface ProofAdmitted extends Pick<Admitted, 'token' | 'confirmation'> {
  readonly device: SigningDevice | undefined;
}

/**
 * Takes the ids of proofs, and finds the devices of the keys that signed them and their tokens. It remembers no proof of an
 * unknown key, as otherwise anybody could fill the table.
 * @returns in the order given; undefined for a proof that was used before (RFC 9449 §11.1)
 */
export async function admitProofs(
  db: Database,
  admissions: readonly ProofAdmission[],
): Promise<(ProofAdmitted | undefined)[]> {
  const asked = admissions.map(({ jti, expiresAt, jkt, confirmationId }, place) => ({
    place,
    jti,
    expires_at: expiresAt.toISOString(),
    jkt,
    confirmation_id: confirmationId,
  }));
  const { rows } = await sql<
    Named & {
      device_id: string | null;
      may_decide: boolean;
      may_make_codes: boolean;
      last_seen_at: Date | null;
    }
  >`
    with asked as materialized (
      select a.*, devices.id as device_id, devices.token_id, devices.may_decide, devices.may_make_codes,
        devices.last_seen_at
      from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        as a(place integer, jti text, expires_at timestamptz, jkt text, confirmation_id text)
      left join devices on devices.jkt = a.jkt and devices.removed_at is null
    ), taken as (
      insert into proofs (jti, expires_at)
      select distinct on (jti) jti, expires_at from asked where device_id is not null
      on conflict do nothing returning jti
    ), first as (
      select distinct on (jti) * from asked
      where device_id is null or jti in (select jti from taken)
      order by jti, place
    )
    select asked.place, asked.device_id, asked.may_decide, asked.may_make_codes, asked.last_seen_at, ${named}
    from first as asked left join tokens on tokens.id = asked.token_id
    ${confirmationById}`.execute(db);
  const byPlace = new Map(
    rows.map(({ device_id: id, may_decide, may_make_codes, last_seen_at: lastSeenAt, ...row }) => {
      const device = { mayDecide: may_decide, mayMakeCodes: may_make_codes, lastSeenAt };
      return [row.place, { device: id === null ? undefined : { id, ...device }, ...namedIn(row) }];
    }),
  );
  return asked.map(({ place }) => byPlace.get(place));
}

type Named = TokenRow & { place: number; confirmation: unknown };

const named = sql`tokens.*, case when confirmations.id is not null then to_json(confirmations) end as confirmation`;

const confirmationById = sql`
  left join confirmations on confirmations.id = asked.confirmation_id and confirmations.token_id = tokens.id`;

function namedIn({ confirmation, place: _place, ...token }: Named): Pick<Admitted, 'token' | 'confirmation'> {
  return {
    token: token.id ? token : undefined,
    confirmation: confirmation ? confirmationJsonSchema.parse(confirmation) : undefined,
  };
}

/**
 * Stores a key, once.
 * @throws Error if the key is already another institution's or of the other kind
 */
export async function insertApiKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
  { institution, kind }: { readonly institution: string; readonly kind: ApiKeyKind },
  at: Date,
): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({ hash, institution, kind, created_at: at })
    .onConflict((c) => c.doNothing())
    .execute();
  const written = await db
    .selectFrom('api_keys')
    .select(['institution', 'kind'])
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  if (written.institution !== institution || written.kind !== kind) {
    throw new Error(
      `the ${kind} key of ${institution} is the ${written.kind} key of ${written.institution} too: each needs its own`,
    );
  }
}
