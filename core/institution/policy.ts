import { z } from 'zod';

/** A whole number within bounds, and its default. */
const whole = (least: number, most: number, usual: number) => z.int().min(least).max(most).default(usual);

/**
 * How far, how often and how long: the numbers that an institution may set for itself, in the directory under `policy`.
 * Mechanism and texts take them from here and have none of their own. The bounds exclude numbers that would shut everybody out
 * or let anybody in.
 */
const numbers = z.strictObject({
  /** Steps either side of the expected one whose codes are taken (RFC 6238 §5.2). */
  windowSteps: whole(0, 2, 1),
  /** Most steps, either way, by which a token's clock is followed (RFC 6238 §6). */
  driftSteps: whole(0, 10, 5),
  /** The same of a hardware token's clock, which nobody sets, */
  hardwareDriftSteps: whole(0, 60, 20),
  /** and counts after the last one taken whose codes are taken, where a button makes them (RFC 4226 §7.4), */
  lookAheadCounts: whole(1, 50, 10),
  /** or among which two codes in a row are looked for. */
  resyncCounts: whole(10, 1_000, 200),
  /** Steps, or counts, before those taken whose codes are refused but do not count as wrong: they were right, and came late. */
  lateSteps: whole(0, 60, 20),
  /** Consecutive wrong codes that lock a token (認証停止). */
  wrongCodesToLock: whole(3, 20, 10),
  /** Number of wrong 利用開始パスワード that void an issue. */
  wrongActivationsToVoid: whole(5, 50, 20),
  /** How often a 利用開始パスワード may be tried at once for one issue, whoever tries, */
  activationTriesAtOnce: whole(3, 20, 10),
  /** and minutes after which it may be tried once more. */
  activationTryMinutes: whole(10, 24 * 60, 60),
  /** Days that 初期設定 may wait after the issue. */
  enrolWithinDays: whole(1, 31, 7),
  /** Hours from the issue to 利用開始 that a token on a new device has to replace another. */
  replaceWithinHours: whole(1, 7 * 24, 24),
  /** Hours that a token a customer made may wait to be registered by its シリアル番号, */
  bindWithinHours: whole(1, 7 * 24, 24),
  /** and how many may wait at once. */
  unboundTokens: whole(10, 1_000_000, 50_000),
  /** Years a token is valid, to the end of the month, */
  validYears: whole(1, 10, 5),
  /** and the hour of that day, in Japan. */
  validUntilHour: whole(0, 23, 9),
  /** Days before that moment from which the customer is warned, everywhere, and can renew, */
  warnDays: whole(8, 365, 60),
  /** on which a mail reminds them once more, */
  remindDays: whole(2, 180, 30),
  /** and a last time. */
  lastRemindDays: whole(1, 60, 7),
  /** Minutes a confirmation waits for the customer (ASVS 6.5.5), */
  decideWithinMinutes: whole(1, 10, 5),
  /** and that it is good once confirmed. */
  useWithinMinutes: whole(1, 10, 5),
  /** Wrong confirmation codes that end a confirmation. */
  wrongCodesToCancel: whole(1, 10, 3),
  /** How many questions a customer may be asked at once (ASVS 6.6.4), */
  questionsAtOnce: whole(1, 20, 5),
  /** seconds after which a question makes room for another, */
  questionSeconds: whole(10, 600, 60),
  /** and how many more places one takes that is rejected or left alone. */
  unansweredTakesMore: whole(0, 10, 2),
  /** Devices that fill for one token at most. */
  pairedDevices: whole(1, 20, 5),
  /** Seconds that the question of such a device for a code waits for the customer, */
  approvalSeconds: whole(30, 120, 60),
  /** how often it may ask at once, */
  approvalsAtOnce: whole(1, 20, 5),
  /** and seconds after which it may ask once more, or later where it was refused: see `unansweredTakesMore`. */
  approvalEverySeconds: whole(5, 600, 30),
  /** Seconds that a challenge waits for the token's signature, and is good once it is signed, */
  challengeSeconds: whole(30, 300, 120),
  /** and how many of a token wait at once, each of a session of the bank's. */
  challengesAtOnce: whole(1, 20, 5),
  /** Minutes without use that end a session at the bank (RTS 2018/389 Art. 4(3)(d)), */
  idleMinutes: whole(1, 5, 5),
  /** and hours after which it ends in any case. */
  sessionHours: whole(1, 12, 8),
  /** Wrong passwords in a row that stop a password of the bank's own, */
  wrongPasswordsToStop: whole(3, 20, 10),
  /** and for how many minutes. */
  passwordStopMinutes: whole(5, 24 * 60, 30),
  /** Wrong answers in a row that stop the 資金移動用パスワード, of which only two digits are asked at a time, */
  wrongPositionsToStop: whole(3, 10, 5),
  /** and for how many minutes. */
  positionsStopMinutes: whole(30, 7 * 24 * 60, 24 * 60),
  /** Logins that one source may try at once; an office may share one, */
  loginsAtOnce: whole(10, 1_000, 60),
  /** and seconds after which it may try one more. */
  loginSeconds: whole(1, 60, 1),
  /** Logins that one source may try at once for one login ID, */
  loginIdTriesAtOnce: whole(5, 100, 20),
  /** and seconds after which it may try one more. */
  loginIdTrySeconds: whole(1, 600, 3),
  /** Minutes a メール通知パスワード is good, */
  mailPasswordMinutes: whole(1, 60, 10),
  /** how often it may be wrong, */
  wrongMailPasswords: whole(1, 10, 5),
  /** and how many may be mailed to a customer */
  mailPasswordMails: whole(1, 20, 5),
  /** within this many minutes. */
  mailPasswordMailsMinutes: whole(1, 24 * 60, 15),
  /** Hours that a proposal of staff (申請) waits for approval. */
  proposalHours: whole(1, 7 * 24, 24),
  /** Minutes that the staff console keeps a form that its clerk sent after the session had ended. */
  staffDraftMinutes: whole(5, 24 * 60, 60),
});

export type Policy = z.infer<typeof numbers>;

/** The policy of an institution that sets nothing. */
export const DEFAULT_POLICY: Policy = numbers.parse({});

/** `[lower, order, upper]`: numbers that contradict each other unless they are in this order. */
export const ORDERED: readonly (readonly [keyof Policy, '≤' | '<', keyof Policy])[] = [
  ['windowSteps', '≤', 'lookAheadCounts'],
  ['lookAheadCounts', '<', 'resyncCounts'],
  ['windowSteps', '≤', 'hardwareDriftSteps'],
  ['driftSteps', '≤', 'hardwareDriftSteps'],
  // Else nobody would have to wait between the tries that void an issue.
  ['activationTriesAtOnce', '<', 'wrongActivationsToVoid'],
  ['lastRemindDays', '<', 'remindDays'],
  ['remindDays', '<', 'warnDays'],
  ['loginIdTriesAtOnce', '≤', 'loginsAtOnce'],
  ['loginSeconds', '≤', 'loginIdTrySeconds'],
];

export const policySchema = numbers.superRefine((policy, context) => {
  for (const [lower, order, upper] of ORDERED) {
    if (policy[lower] < policy[upper] || (order === '≤' && policy[lower] === policy[upper])) continue;
    // The one that the file names, so that it is found there.
    const own = policy[lower] === DEFAULT_POLICY[lower] ? upper : lower;
    const message = `must be ${lower} ${order} ${upper}, and is ${policy[lower]} and ${policy[upper]}`;
    context.addIssue({ code: 'custom', path: [own], message });
  }
});

/** The policy of an institution; the default policy without one. */
export const policyOf = (institution: { readonly policy?: Policy | undefined } | undefined): Policy =>
  institution?.policy ?? DEFAULT_POLICY;

/** Policies by the institutions' keys; the default policy for a key that is not in the directory. */
export type Policies = (key: string) => Policy;

export function policiesOf(
  institutions: readonly { readonly key: string; readonly policy?: Policy | undefined }[],
): Policies {
  const byKey = new Map(institutions.map((institution) => [institution.key, institution]));
  return (key) => policyOf(byKey.get(key));
}
