import type { Policies } from '../../core/institution/policy.ts';
import { bounded } from '../../host/bounded.ts';
import {
  type Admission,
  type Admitted,
  admit,
  admitProofs,
  type ProofAdmission,
  type ProofAdmitted,
} from './access.ts';
import { type Binding, type BindOutcome, bindToken } from './bindings.ts';
import {
  type AskSignature,
  askSignatures,
  type ChallengeOfToken,
  findChallenges,
  type Sign,
  signChallenges,
  type UsedSignature,
  type UseSignature,
  useSignatures,
} from './challenges.ts';
import { type CodeOutcome, type Presented, takeCodes } from './codes.ts';
import { findConfirmations } from './confirmation-rows.ts';
import { type Ask, askTokens, type Decide, decideConfirmations } from './confirmations.ts';
import type { Database } from './database.ts';
import { type Enrol, type EnrolOutcome, enrolTokens } from './enrolments.ts';
import { gather } from './gather.ts';
import type { ChallengeRow, ConfirmationRow } from './schema.ts';
import { type MadeSerial, makeSerialToken, type NewSerialToken } from './serials.ts';
import { type Use, type Used, useConfirmations } from './uses.ts';

/** The statements that nearly every request needs. Under load many requests share one. */
export interface GatheredStore {
  admit(admission: Admission): Promise<Admitted | undefined>;
  admitProof(admission: ProofAdmission): Promise<ProofAdmitted | undefined>;
  /** Takes codes of one token in the order of their arrival, whether they are right or wrong. */
  takeCode(code: Presented): Promise<CodeOutcome>;
  /** Takes a code of a token that is to replace another one. Such codes run one at a time. */
  takeOver(code: Presented): Promise<CodeOutcome>;
  enrol(attempt: Enrol): Promise<EnrolOutcome>;
  /** A confirmation by its id, as it is now. */
  look(id: string): Promise<ConfirmationRow | undefined>;
  ask(ask: Ask): Promise<ConfirmationRow | undefined>;
  decide(decide: Decide): Promise<ConfirmationRow | undefined>;
  use(use: Use): Promise<Used>;
  /** A challenge by its id, as it and its token are now. */
  lookAtChallenge(id: string): Promise<ChallengeOfToken | undefined>;
  askSignature(ask: AskSignature): Promise<ChallengeRow | undefined>;
  sign(signature: Sign): Promise<ChallengeRow | undefined>;
  useSignature(use: UseSignature): Promise<UsedSignature | undefined>;
  /** As `takeOver`. */
  takeOverBySignature(use: UseSignature): Promise<UsedSignature | undefined>;
  /** These two wait for each other's rows, some at a time: the others wait here, and not on the connections of everybody else. */
  bind(binding: Binding): Promise<BindOutcome>;
  makeSerial(made: NewSerialToken): Promise<MadeSerial>;
  /** Whether more comes than is answered. */
  isBehind(): boolean;
}

/** How many take a connection of the pool, and how many wait, at most until there is just time for their own statement. */
const BY_SERIAL = { atOnce: 2, mostWaiting: 256, mostWaitMs: 2_500 };

export function gatherStore(db: Database, policies: Policies): GatheredStore {
  const bySerial = bounded(BY_SERIAL);
  const gathers = {
    admit: gather((admissions) => admit(db, admissions)),
    admitProof: gather((admissions) => admitProofs(db, admissions)),
    takeCode: gather(
      (codes) => takeCodes(db, policies, codes),
      ({ tokenId }) => tokenId,
    ),
    takeOver: gather(
      (codes) => takeCodes(db, policies, codes, true),
      () => 'take over',
    ),
    enrol: gather(
      (attempts) => enrolTokens(db, policies, attempts),
      ({ tokenId, jti }) => tokenId || jti,
    ),
    look: gather((ids) => findConfirmations(db, ids)),
    ask: gather(
      (asks) => askTokens(db, policies, asks),
      ({ confirmation }) => confirmation.token_id,
    ),
    decide: gather(
      (decisions) => decideConfirmations(db, policies, decisions),
      ({ tokenId }) => tokenId,
    ),
    use: gather(
      (uses) => useConfirmations(db, policies, uses),
      ({ tokenId }) => tokenId,
    ),
    lookAtChallenge: gather((ids) => findChallenges(db, ids)),
    askSignature: gather(
      (asks) => askSignatures(db, policies, asks),
      ({ tokenId }) => tokenId,
    ),
    sign: gather(
      (signatures) => signChallenges(db, policies, signatures),
      ({ tokenId }) => tokenId,
    ),
    useSignature: gather(
      (uses) => useSignatures(db, uses),
      ({ tokenId }) => tokenId,
    ),
    takeOverBySignature: gather(
      (uses) => useSignatures(db, uses, true),
      () => 'take over',
    ),
  } satisfies Partial<GatheredStore>;
  return {
    ...gathers,
    bind: (binding) => bySerial.run(() => bindToken(db, binding)),
    makeSerial: (made) => bySerial.run(() => makeSerialToken(db, made)),
    isBehind: () => Object.values(gathers).some(({ isBehind }) => isBehind()),
  };
}
