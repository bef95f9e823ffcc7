import type { Screen } from '../../../core/family/screen.ts';
import { SHINKIN } from '../../../core/family/shinkin.ts';
import type { OtpProcedureKind } from '../../store/schema.ts';

const { screens } = SHINKIN;

/** A procedure that begins at the login page, below the login itself. */
export interface Procedure {
  readonly kind: OtpProcedureKind;
  /** Label of the button at the login page. */
  readonly name: string;
  readonly path: string;
  /** 利用者認証, the step itself, 処理結果. */
  readonly screens: { readonly login: Screen; readonly input: Screen; readonly done: Screen };
  /** When to use it; shown at the login page. */
  readonly when: string;
  /** Label of the form's button. */
  readonly button: string;
  readonly done: string;
}

export const PROCEDURES: readonly Procedure[] = [
  {
    kind: 'register',
    name: '利用開始',
    path: '/otp-service/register',
    screens: { login: screens.registerLogin, input: screens.register, done: screens.registerDone },
    when: 'ワンタイムパスワードを利用開始する場合',
    button: '登録',
    done: 'ワンタイムパスワードの利用開始が完了しました。',
  },
  {
    kind: 'exchange',
    name: '交換',
    path: '/otp-service/exchange',
    screens: { login: screens.replaceLogin, input: screens.replace, done: screens.replaceDone },
    when: 'ワンタイムパスワードを交換する場合',
    button: '交換',
    done: 'ワンタイムパスワードの交換が完了しました。',
  },
  {
    kind: 'stop',
    name: '利用中止',
    path: '/otp-service/stop',
    screens: { login: screens.stopLogin, input: screens.stop, done: screens.stopDone },
    when: 'ワンタイムパスワードを利用中止する場合',
    button: '利用中止',
    done: 'ワンタイムパスワードの利用中止が完了しました。',
  },
  {
    kind: 'resync',
    name: '再同期',
    path: '/otp-service/resync',
    screens: { login: screens.resyncLogin, input: screens.resync, done: screens.resyncDone },
    when: 'ハードウェアトークンのワンタイムパスワードが受け付けられない場合',
    button: '再同期',
    done: 'ワンタイムパスワードの再同期が完了しました。',
  },
];

export const procedureOf = (kind: OtpProcedureKind): Procedure => {
  const found = PROCEDURES.find((procedure) => procedure.kind === kind);
  if (found === undefined) throw new Error(`no procedure ${kind}`);
  return found;
};
