import { type Devices, devicesResponseSchema, devicesSchema } from '../../core/api/pairing.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { Refused } from '../../core/vault/pairing.ts';
import { readSigned } from './messages.ts';
import { refused, sendForPairing } from './pairing-request.ts';
import type { RequestPorts, TokenRequest } from './token-request.ts';

/** Asks for the devices of the token whose key signs, or removes one of them. */
export async function askDevices(
  ports: RequestPorts,
  { institution, keys }: Pick<TokenRequest, 'institution' | 'keys'>,
  request: Pick<TokenRequest, 'method' | 'path'>,
): Promise<Devices | Refused> {
  const reply = await sendForPairing(ports, { institution, keys, ...request });
  if (reply.kind === 'refused') return reply;
  const { data } = devicesResponseSchema.safeParse(reply.answer);
  const devices = data && (await readSigned(institution, JWT_TYPES.devices, data.devices, devicesSchema));
  return devices?.proof === reply.proof ? devices : refused('untrusted');
}
