import type { Device, Token } from '../../core/api/bank.ts';
import type { Confirmation } from '../../core/api/confirmation.ts';
import type { NewDevice } from '../../core/transaction/types.ts';
import { confirmations } from './test-confirmation.ts';
import { type Customer, customerOf, type TestService } from './test-service.ts';
import { createTestToken } from './test-token.ts';

export const PHONE: Device = { form: 'companion', name: 'Chrome (Android)' };

/** Of the token on the new device. */
const ACTIVATION_PASSWORD = '97531';

/** The token on a new device, and what its holder has of it. */
export interface Fresh extends Customer {
  /** What the old token is asked about it. */
  readonly transaction: NewDevice;
}

/** 新しい端末でのトークン利用, as a bank and two tokens written from docs/PROTOCOL.md would do it. */
export function replacements(service: TestService) {
  const { ask, decide, verify, shown, codeFor } = confirmations(service);

  const request = ({ userId }: { userId: string }, headers?: Record<string, string>) =>
    service.bank(
      'POST',
      `/v1/tokens/${userId}/replacement`,
      { activationPassword: ACTIVATION_PASSWORD },
      headers,
    );

  async function begin(old: { userId: string }): Promise<Token> {
    const response = await request(old);
    if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<Token>;
  }

  async function show({ userId }: { userId: string }): Promise<Token> {
    return (await service.bank('GET', `/v1/tokens/${userId}`)).json() as Promise<Token>;
  }

  /** 初期設定 on a new device; null where it does not say what it is. */
  async function setUp({ userId }: { userId: string }, device: Device | null = PHONE): Promise<Fresh> {
    const token = await createTestToken();
    const values = { userId, activationPassword: ACTIVATION_PASSWORD, ...(device && { device }) };
    const response = await service.enrolRequest(token, values);
    if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
    const { enrolment } = (await response.json()) as { enrolment: string };
    const { serial = '', enrolledAt: setUpAt = '', takingOver } = await show({ userId });
    const { form, name } = takingOver?.device ?? { form: 'other', name: '' };
    const transaction: NewDevice = { type: 'new-device', form, device: name, serial, setUpAt };
    return { ...(await customerOf(token, userId, enrolment, service.clock.now)), transaction };
  }

  /** As far as a new device that waits for the old token's confirmation. */
  const fresh = async (old: { userId: string }) => setUp(await begin(old));

  /** The old token is asked, confirms, and the confirmation is used. */
  async function approve(old: Customer, { transaction }: Fresh): Promise<Confirmation> {
    const asked = await ask(old, transaction);
    await decide(old, asked, 'confirmed');
    const code = asked.mode === 'code' ? { code: await codeOf(old, asked) } : {};
    const { accepted } = await verify(old, asked, { transaction, ...code });
    if (!accepted) throw new Error('the confirmation was not accepted');
    return asked;
  }

  async function codeOf(old: Customer, { id }: { id: string }): Promise<string> {
    const one = (await shown(old)).find(({ details }) => details.includes(id));
    return codeFor(old, one?.details ?? '');
  }

  /** 利用開始 of the new token with a code. */
  const activate = ({ userId }: { userId: string }, code: string, headers?: Record<string, string>) =>
    service.bank('POST', `/v1/tokens/${userId}/activate`, { code }, headers);

  /** What is written down of a token, oldest first. */
  async function audited({ userId }: { userId: string }): Promise<string[]> {
    const rows = await service.db
      .selectFrom('audit')
      .innerJoin('tokens', 'tokens.id', 'audit.token_id')
      .select(['event', 'outcome'])
      .where('user_id', '=', userId)
      .orderBy('audit.id')
      .execute();
    return rows.map(({ event, outcome }) => `${event} ${outcome}`);
  }

  return { request, begin, show, setUp, fresh, approve, activate, audited, codeOf };
}
