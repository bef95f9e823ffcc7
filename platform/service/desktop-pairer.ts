import { base64url, calculateJwkThumbprint } from 'jose';
import type { Device } from '../../core/api/bank.ts';
import {
  type PairedToken,
  type Pairing,
  pairingResponseSchema,
  pairingSchema,
} from '../../core/api/pairing.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { commitmentTo, linkHash, pairingUrl } from '../../core/pairing/link.ts';
import { symbolsOf } from '../../core/pairing/symbols.ts';
import type { ComparedPairing, DesktopPairer, OfferedPairing, Refused } from '../../core/vault/pairing.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey, institutionByServiceId } from '../directory.ts';
import { makePairingKeys, type NewKeys } from '../storage/key-pairs.ts';
import { addPairedToken } from '../storage/peers.ts';
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
import { publicJwk } from './proof.ts';
import type { TokenRequest } from './token-request.ts';

export interface DesktopPairerPorts extends PairerPorts {
  readonly device: Device;
  readonly keys: Pick<TokenKeyring, 'signing'>;
}

/** 連携 on the desktop (docs/PROTOCOL.md, Pairing). Its keys are in memory alone until the phone has agreed. */
export function createDesktopPairer(ports: DesktopPairerPorts): DesktopPairer {
  return {
    async offer(key, signal) {
      const institution = institutionByKey(key);
      if (institution === undefined) return refused('token');
      try {
        return await offer(ports, institution, signal);
      } catch {
        return refused('storage');
      }
    },
    leave: (token) => leave(ports, token).catch(() => undefined),
  };
}

async function leave(ports: DesktopPairerPorts, token: TokenSummary): Promise<void> {
  const institution = institutionByKey(token.institution);
  if (institution) await removeItself(ports, { institution, keys: await ports.keys.signing(token.id) });
}

/** A device finds itself by its key. */
async function removeItself(
  ports: DesktopPairerPorts,
  asking: Pick<TokenRequest, 'institution' | 'keys'>,
): Promise<void> {
  const known = await askDevices(ports, asking, { method: 'GET', path: '/v1/token/devices' });
  if ('reason' in known) return;
  const own = await calculateJwkThumbprint(await publicJwk(asking.keys.publicKey));
  const id = known.devices.find(({ jkt }) => jkt === own)?.id;
  if (id !== undefined)
    await askDevices(ports, asking, { method: 'DELETE', path: `/v1/token/devices/${id}` });
}

/** Ends a pairing; where the phone has agreed already, it is the device that goes. */
async function callOff({ ports, institution, keys }: Side): Promise<void> {
  const asking = { institution, keys: keys.signing };
  const reply = await sendForPairing(ports, { ...asking, method: 'DELETE', path: '/v1/pairing' });
  if (reply.kind === 'refused' && reply.reason === 'token') await removeItself(ports, asking);
}

type Phone = NonNullable<Pairing['phone']>;

/** This device's side of a pairing. */
interface Side {
  readonly ports: DesktopPairerPorts;
  readonly institution: PinnedInstitution;
  readonly keys: NewKeys;
  readonly nonce: string;
  /** Thumbprints of the keys. */
  readonly fillerKey: string;
  readonly fillerReceivingKey: string;
  readonly signal: AbortSignal;
}

async function offer(
  ports: DesktopPairerPorts,
  institution: PinnedInstitution,
  signal: AbortSignal,
): Promise<OfferedPairing | Refused> {
  const keys = await makePairingKeys();
  const [signingKey, receivingKey] = await Promise.all([
    publicJwk(keys.signing.publicKey),
    publicJwk(keys.receiving.publicKey),
  ]);
  const [fillerKey, fillerReceivingKey] = await Promise.all([
    calculateJwkThumbprint(signingKey),
    calculateJwkThumbprint(receivingKey),
  ]);
  const nonce = base64url.encode(ports.randomBytes(32));
  const side: Side = { ports, institution, keys, nonce, fillerKey, fillerReceivingKey, signal };
  const commitment = await commitmentTo(nonce);
  const body = { signingKey, receivingKey, commitment, device: ports.device };
  const sent = ports.clock();
  const begun = await ask(side, { method: 'POST', path: '/v1/pairings', body });
  if ('reason' in begun) return begun;
  const { code, expiresAt, now } = begun;
  if (code === undefined) return refused('untrusted');
  const hash = await linkHash({ fillerKey, fillerReceivingKey, commitment });
  return {
    kind: 'offered',
    code,
    address: pairingUrl(institution.serviceOrigin, { code, hash }),
    until: sent + Date.parse(expiresAt) - now,
    compared: () => compared(side, begun),
    leave: () => void callOff(side).catch(() => undefined),
  };
}

async function compared(side: Side, begun: Pairing): Promise<ComparedPairing | Refused> {
  const answered = await until(side, begun, ['open', 'claimed']);
  if ('reason' in answered) return answered;
  const { phone } = answered;
  if (phone === undefined) return refused(endOf(answered));
  const institution = institutionByServiceId(phone.serviceId);
  // The service that the customer began with has to be the token's own.
  if (institution?.serviceOrigin !== side.institution.serviceOrigin) return refused('untrusted');
  const body = { nonce: side.nonce };
  const reveal = () => ask(side, { method: 'PUT', path: '/v1/pairing/nonce', body });
  const over = overAt(side.ports.clock, answered);
  const revealed = await askThroughGaps(side.ports, { over, signal: side.signal }, reveal);
  if ('reason' in revealed) return revealed;
  const { fillerKey, fillerReceivingKey, nonce: fillerNonce } = side;
  const deciderKey = await calculateJwkThumbprint(phone.signingKey);
  const { pairing } = begun;
  const deciderNonce = phone.nonce;
  const decided = until(side, revealed, ['answered', 'symbols']).catch(() => refused('storage'));
  return {
    kind: 'compared',
    phone: phone.device,
    institutionName: institution.name,
    symbols: await symbolsOf({
      pairing,
      fillerKey,
      fillerReceivingKey,
      fillerNonce,
      deciderKey,
      deciderNonce,
    }),
    decided: async () => {
      const outcome = await decided;
      if ('reason' in outcome) return outcome;
      return outcome.token ? { kind: 'agreed' } : refused(endOf(outcome));
    },
    agree: async () => {
      const outcome = await decided;
      if ('reason' in outcome) return outcome;
      return keepOrLeave({ ...side, institution }, outcome, phone, deciderKey);
    },
  };
}

/** A device that has not kept its token could fill nothing. Where it cannot be removed, the phone still lists it. */
async function keepOrLeave(side: Side, decided: Pairing, phone: Phone, jkt: string): ReturnType<typeof keep> {
  const { ports, institution, keys } = side;
  const kept = await keep(side, decided, phone, jkt).catch(() => refused('storage'));
  if (kept.kind === 'refused' && decided.token !== undefined)
    await removeItself(ports, { institution, keys: keys.signing }).catch(() => undefined);
  return kept;
}

/** The phone has agreed. What this device is paired with is what was compared, whatever the service says now. */
async function keep(
  { institution, keys, ports }: Side,
  decided: Pairing,
  { signingKey, device }: Phone,
  jkt: string,
): ReturnType<ComparedPairing['agree']> {
  if (decided.token === undefined) return refused(endOf(decided));
  if (decided.token.serviceId !== institution.serviceId) return refused('untrusted');
  const token = summaryOf(institution, decided.token, device.name);
  const peer = { jkt, signingKey, device, pairedAt: ports.clock() };
  await addPairedToken(token, keys, peer, ports.randomBytes);
  return { kind: 'paired', token };
}

function summaryOf(institution: PinnedInstitution, token: PairedToken, decider: string) {
  const { tokenId, serial, userId, kind, algorithm, digits, period } = token;
  const enrolledAt = Date.parse(token.enrolledAt);
  return {
    id: tokenId,
    institution: institution.key,
    institutionName: institution.name,
    suffix: '',
    serial,
    decider,
    userId,
    parameters: { algorithm, digits, period },
    enrolledAt,
    expiresAt: Date.parse(token.expiresAt),
    ...(kind === 'serial' && { kind }),
  } satisfies TokenSummary;
}

const endOf = ({ status }: Pairing) => (status === 'expired' ? 'expired' : 'refused');

/** Waits until a pairing has left some statuses. */
async function until(
  side: Side,
  known: Pairing,
  statuses: readonly Pairing['status'][],
): Promise<Pairing | Refused> {
  const { ports, signal } = side;
  const over = overAt(ports.clock, known);
  let latest = known;
  while (statuses.includes(latest.status)) {
    if (signal.aborted) return refused('refused');
    const wait = { seconds: WAIT_S, seen: latest.status };
    const look = () => ask(side, { method: 'GET', path: '/v1/pairing', wait });
    const heard = await askThroughGaps(ports, { over, signal }, look);
    if ('reason' in heard) return heard;
    latest = heard;
  }
  return latest;
}

async function ask(
  { ports, institution, keys, fillerKey }: Side,
  request: Pick<TokenRequest, 'method' | 'path' | 'body' | 'wait'>,
): Promise<Pairing | Refused> {
  const reply = await sendForPairing(ports, { institution, keys: keys.signing, ...request });
  if (reply.kind === 'refused') return reply;
  const { data } = pairingResponseSchema.safeParse(reply.answer);
  const pairing = data && (await readSigned(institution, JWT_TYPES.pairing, data.pairing, pairingSchema));
  const fits = pairing?.proof === reply.proof && pairing.jkt === fillerKey;
  return pairing && fits ? pairing : refused('untrusted');
}
