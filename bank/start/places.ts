import { DEMO, DEMO_CONTRACTS, DEMO_CUSTOMERS } from '../store/demo.ts';
import { DEMO_STAFF } from '../store/demo-staff.ts';

/** Where the start page is, and what it leads to beside the institutions: origins. */
export interface StartPlaces {
  readonly origin: string;
  readonly inboxOrigin: string;
  readonly staffOrigin: string;
  /** Whom to log in as; there are none with a directory of one's own. */
  readonly demo: DemoLogins | undefined;
}

export interface DemoLogins {
  readonly customers: readonly { readonly loginId: string; readonly name: string }[];
  /** Of the しんきん family, each with a 資金移動用パスワード. */
  readonly contracts: readonly {
    readonly loginId: string;
    readonly name: string;
    readonly positional: string;
  }[];
  readonly password: string;
  readonly confirmationPassword: string;
  /** At the staff console, of each institution: who proposes, who approves, who only reads. */
  readonly clerk: StaffLogin;
  readonly supervisor: StaffLogin;
  readonly auditor: StaffLogin;
}

interface StaffLogin {
  readonly staffId: string;
  readonly password: string;
}

export const demoLogins = (): DemoLogins => ({
  customers: DEMO_CUSTOMERS,
  contracts: DEMO_CONTRACTS,
  password: DEMO.password,
  confirmationPassword: DEMO.confirmation,
  ...DEMO_STAFF,
});
