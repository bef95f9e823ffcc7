import { type Customer, customerOf, from, ORIGIN, type TestService } from './test-service.ts';
import { createTestToken, type TestToken } from './test-token.ts';

interface Asked {
  readonly serviceId: string;
  readonly by: TestToken;
  readonly receivingKey?: object;
  readonly source?: string;
  readonly node?: TestService['app'];
  /** More members of the body, or others. */
  readonly body?: object;
}

/** シリアル番号のトークンを作る, as a token asks for it. */
export async function askForSerial(
  { app, clock }: Pick<TestService, 'app' | 'clock'>,
  { serviceId, by, source, node = app, receivingKey = by.receivingKey, body: more }: Asked,
): Promise<Response> {
  const url = `${ORIGIN}/v1/serial-enrolments`;
  const body = JSON.stringify({ serviceId, signingKey: by.signingKey, receivingKey, ...more });
  const proof = await by.proof({ method: 'POST', url, body, timeMs: clock.now() });
  const headers = { 'Content-Type': 'application/json', DPoP: proof };
  return node.request(url, { method: 'POST', headers, body }, from(source));
}

/** A token that a customer made and no contract has yet. */
export async function makeSerial(
  service: Pick<TestService, 'app' | 'clock'>,
  serviceId: string,
): Promise<Customer & { readonly serial: string }> {
  const token = await createTestToken();
  const response = await askForSerial(service, { serviceId, by: token });
  if (response.status !== 201) throw new Error(`making a token answered ${response.status}`);
  const { enrolment } = (await response.json()) as { enrolment: string };
  const { serial, userId } = await token.openSecret(enrolment);
  return { ...(await customerOf(token, userId, enrolment, service.clock.now)), serial };
}
