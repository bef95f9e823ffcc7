import type { Screen } from '../../../core/family/screen.ts';
import type { Html } from '../../web/html.ts';
import type { SecondPassword } from './second-password.ts';

/** The screens for transfers, which every family has. */
export type TransferScreens = Readonly<
  Record<
    | 'transfer'
    | 'transferInput'
    | 'transferWaiting'
    | 'transferComplete'
    | 'transferStopped'
    | 'transferRunning'
    | 'directInput'
    | 'directConfirm'
    | 'directComplete'
    | 'directStopped'
    | 'ownConfirm'
    | 'ownComplete'
    | 'ownStopped',
    Screen
  > & {
    /** Shown while the code of a token that shows no details is being checked. */
    readonly directRunning?: Screen;
  }
>;

/** What differs between the families in transfers. */
export interface TransferFamily {
  readonly screens: TransferScreens;
  readonly password: SecondPassword;
  /** Shown below the limit, on the menu. */
  readonly limitNote: Html;
  /** Why transfers to others need the one-time password in use; left out if they are possible without it, up to a limit. */
  readonly needsOtp?: string;
}
