import { base64url, calculateJwkThumbprint } from 'jose';
import { type ClaimedPairing, claimedPairingSchema, pairingResponseSchema } from '../../core/api/pairing.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { commitmentTo, linkHash } from '../../core/pairing/link.ts';
import { symbolsOf } from '../../core/pairing/symbols.ts';
import type { Desktop, PhonePairer, Refused, TakenPairing } from '../../core/vault/pairing.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import { keepPeer, peers } from '../storage/peers.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { askDevices } from './devices.ts';
import { readSigned } from './messages.ts';
import {
  askThroughGaps,
  overAt,
  type PairerPorts,
  refused,
  sendForPairing,
  WAIT_S,
} from './pairing-request.ts';
import { publicJwk, signByToken } from './proof.ts';
import type { TokenRequest } from './token-request.ts';

export interface PhonePairerPorts extends PairerPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
}

/** 連携 on the phone (docs/PROTOCOL.md, Pairing). */
export function createPhonePairer(ports: PhonePairerPorts): PhonePairer {
  const settled = async <T>(act: () => Promise<T>): Promise<T | Refused> =>
    act().catch(() => refused('storage'));
  return {
    take: (token, { code, hash }, signal) =>
      settled(async () => {
        const side = await sideOf(ports, token);
        return 'reason' in side ? side : take(side, code, hash, signal);
      }),
    desktops: (token) =>
      settled(async () => {
        const side = await sideOf(ports, token);
        return 'reason' in side ? side : desktopsOf(side);
      }),
    remove: (token, { id, jkt }) =>
      settled(async () => {
        const side = await sideOf(ports, token);
        if ('reason' in side) return side;
        const reply = await removeDevice(side, id);
        // Removed before, elsewhere: it is gone all the same.
        if ('reason' in reply && reply.reason !== 'unknown') return reply;
        await peers.forget(token.id, jkt);
        return { kind: 'removed' };
      }),
  };
}

/** This phone's token, and its key. */
interface Side {
  readonly ports: PhonePairerPorts;
  readonly token: TokenSummary;
  readonly institution: PinnedInstitution;
  readonly keys: CryptoKeyPair;
}

type Asked = Pick<TokenRequest, 'method' | 'path' | 'body' | 'wait'>;

async function sideOf(ports: PhonePairerPorts, token: TokenSummary): Promise<Side | Refused> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return refused('token');
  return { ports, token, institution, keys: await ports.keys.signing(token.id) };
}

async function take(
  side: Side,
  code: string,
  hash: string | undefined,
  signal: AbortSignal,
): Promise<TakenPairing | Refused> {
  const claimed = await ask(side, { method: 'POST', path: '/v1/token/pairings', body: { code } });
  if ('reason' in claimed) return claimed;
  const { pairing, signingKey, receivingKey, commitment } = claimed;
  const fillerKey = await calculateJwkThumbprint(signingKey);
  const fillerReceivingKey = await calculateJwkThumbprint(receivingKey);
  const offered = { fillerKey, fillerReceivingKey, commitment };
  if (hash !== undefined && hash !== (await linkHash(offered))) {
    await decide(side, claimed, offered, false);
    return refused('other');
  }
  const deciderNonce = base64url.encode(side.ports.randomBytes(32));
  const revealed = await exchangeNonces(side, claimed, deciderNonce, signal);
  if ('reason' in revealed) return revealed;
  const { nonce: fillerNonce, status } = revealed;
  if (fillerNonce === undefined) return refused(status === 'expired' ? 'expired' : 'refused');
  if ((await commitmentTo(fillerNonce)) !== commitment) {
    await decide(side, claimed, offered, false);
    return refused('untrusted');
  }
  const deciderKey = await calculateJwkThumbprint(await publicJwk(side.keys.publicKey));
  const exchanged = { pairing, fillerKey, fillerReceivingKey, fillerNonce, deciderKey, deciderNonce };
  return {
    kind: 'taken',
    desktop: claimed.device,
    symbols: await symbolsOf(exchanged),
    decide: (same) => decide(side, claimed, offered, same).catch(() => refused('storage')),
  };
}

/** Gives this phone's nonce; the desktop reveals its own once it has that. */
async function exchangeNonces(
  side: Side,
  claimed: ClaimedPairing,
  nonce: string,
  signal: AbortSignal,
): Promise<ClaimedPairing | Refused> {
  const path = `/v1/token/pairings/${claimed.pairing}`;
  const over = overAt(side.ports.clock, claimed);
  const askOn = (request: Asked) => askThroughGaps(side.ports, { over, signal }, () => ask(side, request));
  let latest = await askOn({ method: 'PUT', path: `${path}/nonce`, body: { nonce } });
  while (!('reason' in latest) && (latest.status === 'answered' || latest.status === 'claimed')) {
    if (signal.aborted) return refused('refused');
    latest = await askOn({ method: 'GET', path, wait: { seconds: WAIT_S, seen: latest.status } });
  }
  return latest;
}

/** Signs which keys fill from now on, so that nobody can put others in their place. */
async function decide(
  side: Side,
  { pairing, signingKey, receivingKey, device }: ClaimedPairing,
  { fillerKey: jkt, fillerReceivingKey }: { readonly fillerKey: string; readonly fillerReceivingKey: string },
  same: boolean,
): Promise<{ readonly kind: 'paired' | 'ended' } | Refused> {
  const { ports, token, keys } = side;
  const decision = same ? 'paired' : 'refused';
  const claims = { pairing, decision, device: jkt, receivingKey: fillerReceivingKey };
  const body = { decision: await signByToken(keys, JWT_TYPES.pairingDecision, claims) };
  const path = `/v1/token/pairings/${pairing}/decision`;
  const decided = await ask(side, { method: 'POST', path, body });
  if ('reason' in decided) return decided;
  if (!same) return { kind: 'ended' };
  if (decided.status !== 'paired') return refused(decided.status === 'expired' ? 'expired' : 'refused');
  try {
    await keepPeer(
      token.id,
      { jkt, signingKey, receivingKey, device, pairedAt: ports.clock() },
      ports.randomBytes,
    );
    return { kind: 'paired' };
  } catch {
    await removeUnkept(side, jkt);
    return refused('storage');
  }
}

/** A desktop whose keys are not kept here can be answered nothing. Where it cannot be removed, the list of desktops says so. */
async function removeUnkept(side: Side, jkt: string): Promise<void> {
  const told = await listDevices(side);
  const device = 'reason' in told ? undefined : told.devices.find((one) => one.jkt === jkt);
  if (device) await removeDevice(side, device.id);
}

const listDevices = (side: Side) =>
  askDevices(side.ports, side, { method: 'GET', path: '/v1/token/devices' });

const removeDevice = (side: Side, id: string) =>
  askDevices(side.ports, side, { method: 'DELETE', path: `/v1/token/devices/${id}` });

async function ask(side: Side, request: Asked): Promise<ClaimedPairing | Refused> {
  const { ports, token, institution, keys } = side;
  const reply = await sendForPairing(ports, { institution, keys, ...request });
  if (reply.kind === 'refused') return reply;
  const { data } = pairingResponseSchema.safeParse(reply.answer);
  const pairing =
    data && (await readSigned(institution, JWT_TYPES.claimedPairing, data.pairing, claimedPairingSchema));
  const fits = pairing?.proof === reply.proof && pairing.tokenId === token.id;
  return pairing && fits ? pairing : refused('untrusted');
}

async function desktopsOf(side: Side): ReturnType<PhonePairer['desktops']> {
  const { token } = side;
  const told = await listDevices(side);
  if ('reason' in told) return told;
  const kept = await peers.of(token.id);
  const filling = told.devices.filter(({ may }) => may === 'fill');
  const gone = kept.filter(({ jkt }) => filling.every((device) => device.jkt !== jkt));
  await Promise.all(gone.map(({ jkt }) => peers.forget(token.id, jkt)));
  const desktops = filling.map(
    ({ id, jkt, name, addedAt, lastSeenAt }): Desktop => ({
      id,
      jkt,
      name,
      addedAt: Date.parse(addedAt),
      lastSeenAt: lastSeenAt === undefined ? undefined : Date.parse(lastSeenAt),
      isKnown: kept.some((peer) => peer.jkt === jkt),
    }),
  );
  return { kind: 'known', desktops };
}
