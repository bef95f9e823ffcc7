import { createHash } from 'node:crypto';
import type {
  AnsweredChallenge,
  Challenge,
  ChallengeUse,
  UseChallengeResponse,
  WaitingChallenges,
} from '../../core/api/challenge.ts';
import { byDevice, type Over } from './test-pairing.ts';
import type { Customer, TestService } from './test-service.ts';
import type { TestToken } from './test-token.ts';

/** Login by signature, as a bank and a token written from docs/PROTOCOL.md would do it. */

type Signer = Pick<Customer, 'token' | 'tokenId'>;

/** Where the institution's pages stand. */
export const PAGE = 'http://senpoku.localhost:4601';

export function challenges(service: Pick<TestService, 'app' | 'clock' | 'bank'>) {
  const path = ({ userId }: Pick<Customer, 'userId'>, rest = '') => `/v1/tokens/${userId}/challenges${rest}`;

  const askFor = (customer: Pick<Customer, 'userId'>, use: ChallengeUse, headers?: Record<string, string>) =>
    service.bank('POST', path(customer), { use }, headers);

  async function ask(
    customer: Pick<Customer, 'userId'>,
    use: ChallengeUse = 'verify',
    headers?: Record<string, string>,
  ): Promise<Challenge> {
    const response = await askFor(customer, use, headers);
    if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<Challenge>;
  }

  async function show(customer: Customer, { id }: { id: string }, query = ''): Promise<Challenge> {
    return (await service.bank('GET', path(customer, `/${id}${query}`))).json() as Promise<Challenge>;
  }

  async function act<T>(
    customer: Customer,
    { id }: { id: string },
    what: 'use' | 'cancel',
    headers?: Record<string, string>,
  ) {
    const response = await service.bank('POST', path(customer, `/${id}/${what}`), {}, headers);
    return { status: response.status, said: (await response.json()) as T };
  }

  const use = (customer: Customer, challenge: { id: string }, headers?: Record<string, string>) =>
    act<UseChallengeResponse>(customer, challenge, 'use', headers);

  const cancel = (customer: Customer, challenge: { id: string }, headers?: Record<string, string>) =>
    act<Challenge>(customer, challenge, 'cancel', headers);

  const list = ({ token }: Pick<Signer, 'token'>, over?: Over) =>
    byDevice<WaitingChallenges>(service, token, ['GET', '/v1/token/challenges'], undefined, over);

  /** @param claims others than those of the customer's own login at senpoku, on its page */
  const signatureOf = (
    { token, tokenId }: Signer,
    { id, use }: Pick<Challenge, 'id' | 'use'>,
    claims: object = {},
    { by = token, typ = 'warifu-login+jwt' }: { by?: TestToken; typ?: string } = {},
  ): Promise<string> =>
    by.sign(typ, {
      challenge: id,
      institution: 'senpoku',
      tokenId,
      use,
      origin: PAGE,
      document: createHash('sha256').update('a document').digest('base64url'),
      iat: Math.floor(service.clock.now() / 1000),
      factors: ['token-key', 'pin'],
      ...claims,
    });

  const send = ({ token }: Pick<Signer, 'token'>, { id }: { id: string }, signature: string, over?: Over) =>
    byDevice<AnsweredChallenge>(
      service,
      token,
      ['POST', `/v1/token/challenges/${id}/signature`],
      { signature },
      over,
    );

  const sign = async (
    customer: Signer,
    challenge: Pick<Challenge, 'id' | 'use'>,
    claims?: object,
    over?: Over,
  ) => send(customer, challenge, await signatureOf(customer, challenge, claims), over);

  const disown = ({ token }: Pick<Signer, 'token'>, { id }: { id: string }, over?: Over) =>
    byDevice<AnsweredChallenge>(service, token, ['POST', `/v1/token/challenges/${id}/not-me`], {}, over);

  return { path, askFor, ask, show, use, cancel, list, signatureOf, send, sign, disown };
}
