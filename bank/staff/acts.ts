import type { StaffToken } from '../../core/api/staff.ts';
import { familyOf } from '../../core/family/families.ts';
import type { FamilyWords } from '../../core/family/screen.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { isHardware } from '../../core/otp/kind.ts';
import {
  appliedMail,
  limitChangedMail,
  type MailKind,
  type MailText,
  reissueMail,
  releasedMail,
  resumedMail,
  suspendedMail,
  unlockedMail,
} from '../mail/texts.ts';
import type { CustomerAct, ProposedAct } from '../store/schema.ts';
import type { TokenAct } from '../token/staff-client.ts';
import { byStatus, type KnownToken } from '../token/state.ts';
import type { NextLimit } from '../transfer/limits.ts';
import {
  canBeSuspended,
  hasPaired,
  isExpired,
  isInUse,
  isLocked,
  isSuspended,
  type StaffTokenState,
} from './token-status.ts';

export type ActName = CustomerAct;

/** Words for a clerk; they may depend on what the family calls things. */
type Said = string | ((words: FamilyWords) => string);

interface Act {
  readonly name: string;
  /** The act at the token service; undefined where the service has no part in it. */
  readonly onToken?: TokenAct;
  /** The button that does it, or proposes it. */
  readonly button: string;
  /** Tells the clerk what the act leads to. */
  readonly effect: Said;
  /** Whether it can be done in a state of the token at a time in Unix milliseconds. `needs` says the same in words, before 場合に行えます. */
  readonly fits: (state: StaffTokenState, at: number) => boolean;
  readonly needs: string;
  readonly done: Said;
  /** One member of staff proposes it, and a supervisor who is not the proposer approves it. */
  readonly isProposed: boolean;
  /** The customer is asked who they are before it is done. */
  readonly asksCaller?: true;
  /** What is typed for it beside the reason. */
  readonly takes?: 'email' | 'limit' | 'device';
  /** It cannot be undone. */
  readonly isFinal?: true;
  /** One member of staff does it alone, because there is no time to ask another. */
  readonly isEmergency?: true;
  /** What the customer is told; not said here where the token service has the bank tell them. */
  readonly mail?: {
    readonly kind: MailKind;
    readonly text: (institution: Institution, at: number, left: Left) => MailText;
  };
}

/** What an act changed: the token, or the limit; and when, in Unix milliseconds, where it is not just done. */
export interface Left {
  readonly at?: number;
  readonly token?: StaffToken;
  readonly limit?: NextLimit;
}

/** How a token stands after an act. */
function standsAfter({ token }: Left, at: number): KnownToken['kind'] | undefined {
  if (token === undefined) return undefined;
  return isExpired({ kind: token.status, token }, at) ? 'expired' : byStatus(token, at).kind;
}

const isOfDevice = ({ token }: Left): boolean => token !== undefined && isHardware(token.kind);

/** What a clerk can do for a customer, in the order of the console. */
export const ACTS: Readonly<Record<ActName, Act>> = {
  register: {
    name: '申込書の登録',
    button: '登録する',
    effect:
      'お客さまの画面に「ワンタイムパスワード申請」が表示され、トークン発行ができるようになります。申込書のメールアドレスに、お取扱い開始のご案内を送信します。別のメールアドレスが登録されている場合は、そちらにも変更をお知らせします。',
    fits: () => true,
    needs: '登録されていない',
    isProposed: false,
    takes: 'email',
    done: '申込書を登録しました。',
    mail: { kind: 'applied', text: appliedMail },
  },
  unlock: {
    onToken: 'unlock',
    name: '認証停止の解除',
    button: '申請する',
    effect: 'ワンタイムパスワードの入力を再び受け付けます。間違えた回数は数え直しになります。',
    fits: (state, at) => isLocked(state) && !isExpired(state, at),
    needs: 'トークンが認証停止中で、有効期限内の',
    isProposed: true,
    asksCaller: true,
    done: '認証停止を解除しました。',
    mail: {
      kind: 'unlocked',
      text: (institution, at, left) => unlockedMail(institution, at, standsAfter(left, at), isOfDevice(left)),
    },
  },
  emergency: {
    onToken: 'suspend',
    name: '緊急利用停止',
    button: '緊急に利用停止にする',
    effect:
      'お一人で、ただちに利用停止にします。紛失・盗難・不正なお取引のおそれがある場合に限ります。あとで役席者が確認します。お客さまはログインとお振込ができなくなり、取引認証を待っているお取引は取り消されます。',
    fits: canBeSuspended,
    needs: 'トークンが発行済、利用中または認証停止中の',
    isProposed: false,
    isEmergency: true,
    done: '利用停止にしました。役席者の確認待ちに入りました。',
    mail: { kind: 'suspended', text: suspendedMail },
  },
  suspend: {
    onToken: 'suspend',
    name: '利用停止',
    button: '申請する',
    effect: 'お客さまはログインとお振込ができなくなります。取引認証を待っているお取引は取り消されます。',
    fits: canBeSuspended,
    needs: 'トークンが発行済、利用中または認証停止中の',
    isProposed: true,
    done: '利用停止にしました。',
    mail: { kind: 'suspended', text: suspendedMail },
  },
  resume: {
    onToken: 'resume',
    name: '利用停止の解除',
    button: '申請する',
    effect: 'トークンは、利用停止になる前の状態に戻ります。',
    fits: (state, at) => isSuspended(state) && !isExpired(state, at),
    needs: 'トークンが利用停止中で、有効期限内の',
    isProposed: true,
    asksCaller: true,
    done: '利用停止を解除しました。',
    mail: {
      kind: 'resumed',
      text: (institution, at, left) => resumedMail(institution, at, standsAfter(left, at)),
    },
  },
  replace: {
    onToken: 'release',
    name: '交換（再発行）',
    button: '申請する',
    effect: ({ firstStep, beforeNew }) =>
      `端末の紛失や故障で、これまでのトークンが使えないお客さまのお手続きです。トークンは使えなくなり、元に戻せません。お客さまは、待つことなく「${firstStep}」を行えます。お客さまには、「${beforeNew}」とご案内します。`,
    fits: isInUse,
    needs: 'トークンの利用が始まっている（認証停止中、利用停止中を含む）',
    isProposed: true,
    asksCaller: true,
    done: ({ firstStep }) =>
      `これまでのトークンを利用解除しました。お客さまは、ただちに「${firstStep}」を行えます。`,
    isFinal: true,
    mail: { kind: 'reissue', text: reissueMail },
  },
  release: {
    onToken: 'release',
    name: '利用解除',
    button: '申請する',
    effect: ({ withoutUse }) =>
      `トークンは使えなくなり、元に戻せません。お客さまには、「${withoutUse}」とご案内します。`,
    fits: isInUse,
    needs: 'トークンの利用が始まっている（認証停止中、利用停止中を含む）',
    isProposed: true,
    done: '利用解除しました。',
    isFinal: true,
    mail: { kind: 'released', text: releasedMail },
  },
  unpair: {
    name: 'パソコンとの連携の解除',
    button: '解除する',
    effect:
      'お一人で、ただちに解除します。選んだパソコンの画面には、ワンタイムパスワードが入力されなくなります。トークンの状態は変わりません。トークンがご利用中の場合、お客さまは、トークンアプリであらためて連携できます。',
    fits: hasPaired,
    needs: 'トークンにパソコンが連携されている',
    isProposed: false,
    takes: 'device',
    done: 'パソコンとの連携を解除しました。',
  },
  limit: {
    name: '限度額の変更',
    button: '申請する',
    effect:
      '一日あたりの振込・振替限度額を変更します。引き下げは承認後ただちに、引き上げは所定の日数のあとに適用されます。適用待ちの変更がある場合は、置き換えられます。',
    fits: () => true,
    needs: 'トークンの状態を確認できる',
    isProposed: true,
    asksCaller: true,
    takes: 'limit',
    done: '限度額を変更しました。',
    mail: {
      kind: 'limit-changed',
      text: (institution, at, { limit }) => {
        if (limit === undefined) throw new Error('no limit was changed');
        return limitChangedMail(institution, limit, at);
      },
    },
  },
};

const said = (words: Said, institution: Institution): string =>
  typeof words === 'string' ? words : words(familyOf(institution).words);

export const effectOf = (act: ActName, institution: Institution): string =>
  said(ACTS[act].effect, institution);

export const doneOf = (act: ActName, institution: Institution): string => said(ACTS[act].done, institution);

export const ACT_NAMES = Object.keys(ACTS) as ActName[];

export const isActName = (text: string): text is ActName => Object.hasOwn(ACTS, text);

export const isProposed = (act: ActName): act is ProposedAct => ACTS[act].isProposed;
