import type { Screen } from '../../../core/family/screen.ts';
import type { Html } from '../../web/html.ts';
import type { SecondPassword } from './second-password.ts';

/** Screens of transfers that every family has. */
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
    /** Where a token that shows no details has its code taken. */
    readonly directRunning?: Screen;
  }
>;

/** What families of internet banks differ in where money is transferred. */
export interface TransferFamily {
  readonly screens: TransferScreens;
  readonly password: SecondPassword;
  /** Below the limit, at the menu. */
  readonly limitNote: Html;
  /** Why nothing is transferred to others without the one-time password in use; left out where it is, up to a limit. */
  readonly needsOtp?: string;
}
