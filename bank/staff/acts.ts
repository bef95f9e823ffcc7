import type { StaffToken } from '../../core/api/staff.ts';
import type { Institution } from '../../core/institution/directory.ts';
import {
  appliedMail,
  type MailKind,
  type MailText,
  releasedMail,
  resumedMail,
  suspendedMail,
  unlockedMail,
} from '../mail/texts.ts';
import type { StaffAct } from '../store/schema.ts';

export type ActName = StaffAct;

interface Act {
  readonly name: string;
  /** The button that does it. */
  readonly button: string;
  /** What it leads to, for the clerk. */
  readonly effect: string;
  /** In which state of the token it can be done, before 場合に行えます. */
  readonly needs: string;
  readonly done: string;
  /** It cannot be undone. */
  readonly isFinal?: true;
  /** What the customer is told. @param token as the act left it */
  readonly mail: {
    readonly kind: MailKind;
    readonly text: (institution: Institution, at: number, token?: StaffToken) => MailText;
  };
}

/** What a clerk can do for a customer, in the order of the console. */
export const ACTS: Readonly<Record<ActName, Act>> = {
  register: {
    name: '申込書の登録',
    button: '登録する',
    effect:
      'お客さまの画面に「ワンタイムパスワード申請」が表示され、トークン発行ができるようになります。申込書のメールアドレスに、お取扱い開始のご案内を送信します。',
    needs: '登録されていない',
    done: '申込書を登録しました。',
    mail: { kind: 'applied', text: appliedMail },
  },
  unlock: {
    name: '認証停止の解除',
    button: '解除する',
    effect: 'ワンタイムパスワードの入力を再び受け付けます。間違えた回数は数え直しになります。',
    needs: 'トークンが認証停止中の',
    done: '認証停止を解除しました。',
    mail: { kind: 'unlocked', text: unlockedMail },
  },
  suspend: {
    name: '利用停止',
    button: '利用停止にする',
    effect: 'お客さまはログインとお振込ができなくなります。取引認証を待っているお取引は取り消されます。',
    needs: 'トークンが発行済、利用中または認証停止中の',
    done: '利用停止にしました。',
    mail: { kind: 'suspended', text: suspendedMail },
  },
  resume: {
    name: '利用停止の解除',
    button: '解除する',
    effect: 'トークンは、利用停止になる前の状態に戻ります。',
    needs: 'トークンが利用停止中の',
    done: '利用停止を解除しました。',
    mail: {
      kind: 'resumed',
      text: (institution, at, token) => resumedMail(institution, at, token?.status === 'locked'),
    },
  },
  release: {
    name: '利用解除',
    button: '利用解除する',
    effect:
      'トークンは使えなくなり、元に戻せません。お客さまの次回のログインから、ワンタイムパスワードの入力は不要になります。',
    needs: 'トークンの利用が始まっている（認証停止中、利用停止中を含む）',
    done: '利用解除しました。',
    isFinal: true,
    mail: { kind: 'released', text: releasedMail },
  },
};

export const ACT_NAMES = Object.keys(ACTS) as ActName[];

export const isActName = (text: string): text is ActName => Object.hasOwn(ACTS, text);
