import { type StaffAct, type StaffToken, staffTokenSchema } from '../../core/api/staff.ts';
import { caller, type ServiceAnswer, type ServiceClientOptions } from './client.ts';

/** What staff do to a token from the console. */
export type TokenAct = 'unlock' | 'suspend' | 'resume' | 'release';

/** The token service as an institution's staff see it; their API key is of its own kind. */
export interface StaffClient {
  show(userId: string): Promise<ServiceAnswer<StaffToken>>;
  /** @param serial シリアルNo, 9 digits */
  showBySerial(serial: string): Promise<ServiceAnswer<StaffToken>>;
  /** @param key the idempotency key: the same for a repeat */
  act(act: TokenAct, userId: string, by: StaffAct, key: string): Promise<ServiceAnswer<StaffToken>>;
}

export function createStaffClient(options: ServiceClientOptions): StaffClient {
  const call = caller(options);
  return {
    show: (userId) => call({ method: 'GET', path: `/v1/staff/tokens/${userId}`, schema: staffTokenSchema }),
    showBySerial: (serial) =>
      call({ method: 'GET', path: `/v1/staff/serials/${serial}`, schema: staffTokenSchema }),
    act: (act, userId, by, key) =>
      call({
        method: 'POST',
        path: `/v1/staff/tokens/${userId}/${act}`,
        schema: staffTokenSchema,
        body: by,
        key,
      }),
  };
}
