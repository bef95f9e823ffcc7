import {
  type Admission,
  type Admitted,
  admit,
  admitProofs,
  type ProofAdmission,
  type ProofAdmitted,
} from './access.ts';
import {
  type Ask,
  askTokens,
  type Decide,
  decideConfirmations,
  type Use,
  useConfirmations,
} from './confirmations.ts';
import type { Database } from './database.ts';
import { gather } from './gather.ts';
import type { ConfirmationRow } from './schema.ts';
import { type Spend, spendSteps } from './tokens.ts';

/** What nearly every request asks of the database: under load, many requests share a statement. */
export interface GatheredStore {
  admit(admission: Admission): Promise<Admitted | undefined>;
  admitProof(admission: ProofAdmission): Promise<ProofAdmitted | undefined>;
  spendStep(spend: Spend): Promise<boolean>;
  ask(ask: Ask): Promise<ConfirmationRow | undefined>;
  decide(decide: Decide): Promise<ConfirmationRow | undefined>;
  use(use: Use): Promise<ConfirmationRow | undefined>;
}

export function gatherStore(db: Database): GatheredStore {
  return {
    admit: gather((admissions) => admit(db, admissions)),
    admitProof: gather((admissions) => admitProofs(db, admissions)),
    spendStep: gather((spends) => spendSteps(db, spends)),
    ask: gather(
      (asks) => askTokens(db, asks),
      ({ confirmation }) => confirmation.token_id,
    ),
    decide: gather(
      (decisions) => decideConfirmations(db, decisions),
      ({ tokenId }) => tokenId,
    ),
    use: gather(
      (uses) => useConfirmations(db, uses),
      ({ tokenId }) => tokenId,
    ),
  };
}
