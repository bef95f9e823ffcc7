import { type Admission, type Admitted, admit } from './access.ts';
import type { Database } from './database.ts';
import { gather } from './gather.ts';
import { type Spend, spendSteps } from './tokens.ts';

/** What every verification asks of the database: under load, many verifications share a statement. */
export interface GatheredStore {
  admit(admission: Admission): Promise<Admitted | undefined>;
  spendStep(spend: Spend): Promise<boolean>;
}

export function gatherStore(db: Database): GatheredStore {
  return {
    admit: gather((admissions) => admit(db, admissions)),
    spendStep: gather((spends) => spendSteps(db, spends)),
  };
}
