import { decodeJwt } from 'jose';
import {
  type AnsweredChallenge,
  answeredChallengeResponseSchema,
  answeredChallengeSchema,
  type LoginSignature,
  waitingChallengesResponseSchema,
  waitingChallengesSchema,
} from '../../core/api/challenge.ts';
import type { Factor } from '../../core/api/factor.ts';
import { JWT_TYPES, PROOF_LIFETIME_S } from '../../core/api/token.ts';
import { textDigest } from '../../core/digest.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { loginWaysOf } from '../../core/institution/login.ts';
import type { FillRefusal } from '../../core/messages/fill.ts';
import type { NotMeOutcome, WaitingLogin } from '../../core/transaction/logins.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { keepSignature } from '../storage/signatures.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { readSigned } from './messages.ts';
import { signByToken } from './proof.ts';
import { inRounds } from './rounds.ts';
import { type RequestPorts, refusalOf, sendByToken, type TokenReply } from './token-request.ts';

export interface ChallengePorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
  /** What proves the customer at this moment. */
  factors(): Promise<readonly Factor[]>;
  readonly keepSignature: typeof keepSignature;
}

/** For which page a challenge is signed, by the browser's word, and when by the service's clock (milliseconds). */
export interface SignedPage {
  readonly origin: string;
  readonly documentId: string;
  readonly timeMs: number;
}

type Refusal = { readonly kind: 'refused'; readonly reason: FillRefusal };

/** Login by signature with the services (docs/PROTOCOL.md). Nothing rejects. */
export interface Challenges {
  /** What waits for a token's signature, oldest first. */
  waiting(
    token: TokenSummary,
  ): Promise<{ readonly kind: 'waiting'; readonly logins: readonly WaitingLogin[] } | Refusal>;
  /**
   * Signs one that waits still, for a page, and sends that. It has one signature, which the same page can send again as long as the
   * service would take it.
   */
  sign(login: WaitingLogin, page: SignedPage): Promise<{ readonly kind: 'signed' } | Refusal>;
  /** 心当たりがない: ends it, and stops the token. */
  notMe(login: Pick<WaitingLogin, 'id' | 'tokenId' | 'institution'>): Promise<NotMeOutcome>;
}

export function createChallenges(ports: ChallengePorts): Challenges {
  const settled = <T>(act: () => Promise<T>) =>
    act().catch((error: unknown) => refused(isLockedError(error) ? 'locked' : 'vault'));
  return {
    waiting: (token) => settled(() => waiting(ports, token)),
    sign: (login, page) => settled(() => sign(ports, login, page)),
    notMe: (login) => settled(() => notMe(ports, login)),
  };
}

/**
 * What waits for tokens of institutions that take signatures.
 * @returns undefined where there are none of them, or none could be asked
 */
export async function waitingLogins(
  challenges: Pick<Challenges, 'waiting'>,
  tokens: readonly TokenSummary[],
): Promise<readonly WaitingLogin[] | undefined> {
  const signing = tokens.filter(({ institution: key, decider }) => {
    const institution = institutionByKey(key);
    return decider === undefined && institution && loginWaysOf(institution).includes('signed');
  });
  const answers = await inRounds(signing, (token) => challenges.waiting(token));
  const lists = answers.flatMap((answer) => (answer.kind === 'waiting' ? [answer.logins] : []));
  return lists.length === 0 ? undefined : lists.flat();
}

const refused = <const Reason>(reason: Reason) => ({ kind: 'refused', reason }) as const;

async function waiting(ports: ChallengePorts, token: TokenSummary) {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return refused('sign-untrusted');
  const keys = await ports.keys.signing(token.id);
  const asked = ports.clock();
  const reply = await sendByToken(ports, { institution, keys, method: 'GET', path: '/v1/token/challenges' });
  if (reply.kind === 'unreachable') return refused('sign-unreachable');
  if (reply.kind === 'refused') return refused(signRefusalOf(reply));
  const { data } = waitingChallengesResponseSchema.safeParse(reply.answer);
  const told =
    data && (await readSigned(institution, JWT_TYPES.challenges, data.challenges, waitingChallengesSchema));
  if (told?.tokenId !== token.id || told.proof !== reply.proof) return refused('sign-untrusted');
  const { challengeSeconds } = institution.policy;
  const logins = told.challenges.map(({ expiresAt, ...challenge }): WaitingLogin => {
    const until = asked + Date.parse(expiresAt) - told.now;
    const since = until - challengeSeconds * 1000;
    return { ...challenge, tokenId: token.id, institution: institution.key, since, until };
  });
  return { kind: 'waiting', logins: logins.filter(({ until }) => until > asked) } as const;
}

async function sign(ports: ChallengePorts, login: WaitingLogin, page: SignedPage) {
  const institution = institutionByKey(login.institution);
  if (institution === undefined) return refused('sign-untrusted');
  const keys = await ports.keys.signing(login.tokenId);
  const document = await textDigest(page.documentId);
  const claims: LoginSignature = {
    challenge: login.id,
    institution: institution.key,
    tokenId: login.tokenId,
    use: login.use,
    origin: page.origin,
    document,
    iat: Math.floor(page.timeMs / 1000),
    factors: [...(await ports.factors())],
  };
  const made = await signByToken(keys, JWT_TYPES.loginSignature, claims);
  const own = { challenge: login.id, document, signature: made };
  // As the challenge still waits, the service did not take an earlier signature, and takes none that is out of its time.
  const kept = await ports.keepSignature(
    login.tokenId,
    own,
    ({ signature }) => Math.abs(claims.iat - (decodeJwt(signature).iat ?? 0)) > PROOF_LIFETIME_S,
  );
  if (kept.document !== document) return refused('sign-repeated');
  const reply = await answer(ports, login, 'signature', { signature: kept.signature });
  if (reply.kind === 'unreachable') return refused('sign-unreachable');
  if (reply.kind === 'refused') return refused(signRefusalOf(reply));
  const status = await statusIn(institution, login, reply);
  if (status === undefined) return refused('sign-untrusted');
  if (status === 'refused') return refused('sign-foreign');
  return status === 'signed' || status === 'spent' ? ({ kind: 'signed' } as const) : refused('sign-gone');
}

async function notMe(
  ports: ChallengePorts,
  login: Pick<WaitingLogin, 'id' | 'tokenId' | 'institution'>,
): Promise<NotMeOutcome> {
  const institution = institutionByKey(login.institution);
  if (institution === undefined) return refused('untrusted');
  const reply = await answer(ports, login, 'not-me', {});
  if (reply.kind === 'unreachable') return refused('unreachable');
  if (reply.kind === 'refused') return refused(refusalOf(reply.status));
  const status = await statusIn(institution, login, reply);
  if (status === undefined) return refused('untrusted');
  return status === 'not-me' ? { kind: 'stopped' } : refused('gone');
}

type Answering = Pick<WaitingLogin, 'id' | 'tokenId' | 'institution'>;

async function answer(
  ports: ChallengePorts,
  { id, tokenId, institution: key }: Answering,
  how: string,
  body: object,
) {
  const institution = institutionByKey(key);
  if (institution === undefined) return { kind: 'unreachable' } as const;
  const keys = await ports.keys.signing(tokenId);
  return sendByToken(ports, {
    institution,
    keys,
    method: 'POST',
    path: `/v1/token/challenges/${id}/${how}`,
    body,
  });
}

/** What the service signed about this very challenge, in answer to this very request. */
async function statusIn(
  institution: PinnedInstitution,
  { id }: Answering,
  { answer: answered, proof }: Extract<TokenReply, { kind: 'answered' }>,
): Promise<AnsweredChallenge['status'] | undefined> {
  const { data } = answeredChallengeResponseSchema.safeParse(answered);
  const told =
    data &&
    (await readSigned(institution, JWT_TYPES.answeredChallenge, data.challenge, answeredChallengeSchema));
  return told?.challenge === id && told.proof === proof ? told.status : undefined;
}

function signRefusalOf({ status, code }: Extract<TokenReply, { kind: 'refused' }>): FillRefusal {
  if (code === 'origin_not_allowed') return 'sign-foreign';
  if (code === 'device_not_allowed') return 'signs-elsewhere';
  const reason = refusalOf(status);
  return reason === 'clock' ? reason : `sign-${reason}`;
}
