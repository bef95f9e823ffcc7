import { DEMO, DEMO_CONTRACTS, DEMO_CUSTOMERS } from '../store/demo.ts';
import { DEMO_STAFF } from '../store/demo-staff.ts';

/** Origins: of the start page, and of the places it links to besides the institutions. */
export interface StartPlaces {
  readonly origin: string;
  readonly inboxOrigin: string;
  readonly staffOrigin: string;
  /** Demo logins; undefined with your own directory. */
  readonly demo: DemoLogins | undefined;
}

export interface DemoLogins {
  readonly customers: readonly { readonly loginId: string; readonly name: string }[];
  /** Contracts of the しんきん family, each with a 資金移動用パスワード. */
  readonly contracts: readonly {
    readonly loginId: string;
    readonly name: string;
    readonly positional: string;
  }[];
  readonly password: string;
  readonly confirmationPassword: string;
  /** Staff of each institution at the console: one proposes, one approves, one only reads. */
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
