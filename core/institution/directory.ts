import { z } from 'zod';
import { checkText } from '../transaction/text.ts';
import { MOST_NAME, MOST_YEN } from '../transaction/types.ts';
import { databasesSchema, misplaced } from './databases.ts';
import { repeated } from './distinct.ts';
import { type Policy, policySchema } from './policy.ts';

/** A page origin such as `https://ib.example.jp`: scheme, host and port, nothing after. */
const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value && !value.includes('*'),
    'must be an origin',
  );

const otpParameters = z.strictObject({
  algorithm: z.enum(['SHA-1', 'SHA-256', 'SHA-512']),
  digits: z.union([z.literal(6), z.literal(8)]),
  period: z.union([z.literal(30), z.literal(60)]),
});

const confirmationMode = z.enum(['approve', 'code']);

/** Opening hours, in Japanese and in English. */
const opening = { hours: z.string().min(1).max(100), hoursEn: z.string().min(1).max(100) };

/** Ways for customers to release a token, each with what they need to know about it. */
const releaseWay = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('self-service'),
    /** Path of its page on the institution's first page origin, if it has one; the full path if institutions share the origin. */
    path: z.string().max(200).refine(isPath, 'must be a path on the same origin').optional(),
  }),
  /** By telephone, at the number of {@link institutionSchema}'s contact. */
  z.strictObject({ by: z.literal('phone') }),
  z.strictObject({
    by: z.literal('counter'),
    ...opening,
    /** What to bring. */
    bring: z.string().min(1).max(200),
    bringEn: z.string().min(1).max(200),
  }),
]);

function isPath(value: string): boolean {
  const [own, other] = ['https://own.example', 'https://other.example'];
  return [own, other].every((base) => value.startsWith('/') && URL.parse(value, base)?.origin === base);
}

/** The look of an institution's pages. Their colours are derived from its accent. */
const lookSchema = z.strictObject({
  /**
   * How header, menu, trail and primary button are drawn. paper: on paper with lines in the accent · solid: header in the accent
   * · band: menu in the accent · tint: on a tint of the accent
   */
  style: z.enum(['paper', 'solid', 'band', 'tint']).optional(),
  /** The mark: SVG path data on a grid of 32 by 32, drawn in one colour with the even-odd rule. */
  mark: z
    .string()
    .max(1000)
    .regex(/^M[MLHVCSQTAZmlhvcsqtaz0-9 ,.-]+$/)
    .optional(),
});

/** Yen, as far as a transaction can carry them. */
const yen = z.int().positive().max(MOST_YEN);

const days = z.int().min(0).max(365);

const rulesSchema = z
  .strictObject({
    /** Most that can be transferred in a day before the OTP is in use, in yen. */
    dailyLimitWithoutOtp: yen,
    /** The limit of the contract: the most that 振込・振替限度額の変更 can set, in yen; `dailyLimitWithoutOtp` at the least. */
    dailyLimitMost: yen,
    /**
     * The most that one transfer by a hardware token can be, in yen: such a token shows no details, and its code alone confirms.
     * None is taken where it is not said.
     */
    hardwareLimit: yen.optional(),
    /** Days until 振込・振替限度額の変更 takes effect. */
    limitChangeAfterDays: days,
    /** Days after 利用解除 before a token can be issued again; 1 is from the next day. */
    reissueAfterDays: days,
    /**
     * How a customer applies for one-time passwords: online (unless given), or on paper at the counter, which staff
     * register.
     */
    application: z.enum(['online', 'counter']).optional(),
    /** Whether issuing asks for the メール通知パスワード. */
    emailPassword: z.boolean(),
    /** Questions that staff ask a caller before they unlock or resume a token (本人確認); none unless given. */
    callerQuestions: z.array(z.string().trim().min(1).max(200)).min(1).max(10).optional(),
    /** Who suspends a lost token (利用停止): its customer at once (unless given), or only staff. */
    suspend: z.enum(['customer', 'staff']).optional(),
    /** Who may release a token (利用解除), in the order to try. */
    release: z.array(releaseWay).min(1).max(3),
  })
  .superRefine(({ dailyLimitWithoutOtp, dailyLimitMost }, context) => {
    if (dailyLimitWithoutOtp <= dailyLimitMost) return;
    const message = `must be dailyLimitWithoutOtp ≤ dailyLimitMost, and is ${dailyLimitWithoutOtp} and ${dailyLimitMost}`;
    context.addIssue({ code: 'custom', path: ['dailyLimitWithoutOtp'], message });
  });

export const institutionSchema = z.strictObject({
  /** Short key used in file names, API keys and logs. */
  key: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  /** サービスID, by which a token knows its institution. */
  serviceId: z.string().regex(/^[0-9]{8}$/),
  /** 金融機関コード. */
  bankCode: z.string().regex(/^[0-9]{4}$/),
  /** The name in pages, mails, the token, and transfers between accounts of its customers. */
  name: z
    .string()
    .refine(
      (value) => checkText(value, MOST_NAME).kind === 'text',
      `must be a name that transfers can carry: at most ${MOST_NAME} kanji, kana, letters, digits and ー・（）．，－／「」`,
    ),
  nameEn: z.string().min(1).max(80),
  /** The set of screens that the bank uses. */
  family: z.enum(['ANSER', 'SHINKIN']),
  /**
   * The bank's own origins. Codes are filled there and nowhere else. If institutions share an origin, a page must show the name
   * or the 金融機関コード of one of them above its heading.
   */
  pageOrigins: z.array(origin).min(1),
  /** Whether the bank asks for codes in frames of its own origin within its pages. Otherwise only the top frame counts. */
  frames: z.boolean().optional(),
  /** The token service's origin. */
  serviceOrigin: origin,
  /** The kind of token that customers get next; `software` unless given. Hardware tokens are imported beside either. */
  tokenKind: z.enum(['software', 'serial']).optional(),
  /** How newly issued tokens make codes. Existing tokens keep what they were issued with. */
  otp: otpParameters,
  /** The institution's colour, `#rrggbb`. All colours of its pages derive from it, with sufficient contrast for any colour. */
  accent: z.string().regex(/^#[0-9a-f]{6}$/),
  look: lookSchema.optional(),
  contact: z.strictObject({ phone: z.string(), ...opening }),
  /** Path of the page お困りのとき on the first page origin, if there is one; the full path if institutions share the origin. */
  helpPath: z.string().max(200).refine(isPath, 'must be a path on the same origin').optional(),
  /** Sender of its mails, which customers allow in their filters; `<key>@otp.example` unless given. */
  mailFrom: z.email().max(100).optional(),
  /**
   * How transfers are confirmed: by the decision alone, or with a code too. It applies to newly issued tokens, as `otp` does.
   * Written as an object it also says whether a decision counts only where its signature names an origin of the institution's
   * pages, which is so for all its tokens at once: see `confirming.ts`.
   */
  confirmation: z.union([
    confirmationMode,
    z.strictObject({ mode: confirmationMode, originBound: z.boolean() }),
  ]),
  /**
   * How a token proves itself at login, 利用開始 and 利用解除, the preferred way first: by the code that it shows, or by signing a
   * challenge together with the page's origin, which no other page can pass on. `["code"]` unless given.
   */
  login: z
    .array(z.enum(['signed', 'code']))
    .min(1)
    .max(2)
    .refine((ways) => new Set(ways).size === ways.length, 'must name each way once')
    .optional(),
  /**
   * Whether its tokens report how often they did not fill a recognised screen: an hour's count by the reason's name, and
   * nothing else. They report nothing where it is not said.
   */
  reportsRefusedFills: z.boolean().optional(),
  rules: rulesSchema,
  /** Numbers in which the institution differs from the defaults of `policy.ts`. */
  policy: policySchema.optional(),
});

/** An announced institution. It has no pages yet, and nothing is issued or filled for it. */
const preparingSchema = institutionSchema.pick({
  key: true,
  bankCode: true,
  name: true,
  nameEn: true,
  family: true,
  pageOrigins: true,
  accent: true,
  look: true,
  contact: true,
});

/** A directory file, which a deployment is built for. Institutions differ in everything that identifies them. */
export const directorySchema = z
  .strictObject({
    institutions: z.array(institutionSchema).min(1),
    preparing: z.array(preparingSchema).optional(),
    databases: databasesSchema.optional(),
  })
  .superRefine((directory, context) => {
    for (const { path, message } of misplaced(directory)) {
      context.addIssue({ code: 'custom', path, message });
    }
    for (const { path, member, owner } of repeated(directory)) {
      context.addIssue({ code: 'custom', path, message: `is the ${member} of ${owner} already` });
    }
    for (const [at, { family, tokenKind, login, rules }] of directory.institutions.entries()) {
      const issue = (member: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['institutions', at, member], message });
      if (family === 'ANSER' && tokenKind === 'serial') issue('tokenKind', 'ANSER has no pages for a serial');
      if (family !== 'SHINKIN') continue;
      // Its pages issue nothing: a token that its customers do not make themselves could never be registered.
      if (tokenKind !== 'serial') issue('family', 'SHINKIN needs tokenKind to be serial');
      if (login?.includes('signed')) issue('login', 'SHINKIN has no pages for signed: leave login out');
      // Its 利用解除 is at the counter, and a token is registered again at once.
      if (rules.reissueAfterDays > 0) issue('rules', 'SHINKIN needs reissueAfterDays to be 0');
      // 利用開始 asks for neither a paper nor a password by mail, and every customer can do 利用中止 by themselves.
      if (rules.application === 'counter') {
        issue('rules', 'SHINKIN has no pages for application counter: leave application out');
      }
      if (rules.emailPassword) {
        issue('rules', 'SHINKIN has no pages for a メール通知パスワード: emailPassword must be false');
      }
      if (rules.release.every(({ by }) => by !== 'self-service')) {
        issue('rules', 'SHINKIN has pages for 利用中止: release needs self-service');
      }
    }
  });

export type Institution = z.infer<typeof institutionSchema>;
export type Look = Required<z.infer<typeof lookSchema>>;
export type ReleaseWay = z.infer<typeof releaseWay>;
export type PreparingInstitution = z.infer<typeof preparingSchema>;
export type Directory = z.infer<typeof directorySchema>;

/** An institution in the token's build: with its service's public key, all of its policy, and without the look of its pages. */
export interface PinnedInstitution extends Omit<Institution, 'look' | 'policy'> {
  readonly policy: Policy;
  /** The service's ES256 signing key (RFC 7517), public half. */
  readonly serviceKey: PublicJwk;
  /** The key that the service will sign with next, of a build that is made while the key is rotated. */
  readonly nextServiceKey?: PublicJwk;
}

/** Institutions with pages, and announced ones. */
export const everyInstitution = ({
  institutions,
  preparing = [],
}: Directory): readonly (Institution | PreparingInstitution)[] => [...institutions, ...preparing];

/** The sender's address of an institution's mails. */
export const mailAddressOf = ({ key, mailFrom }: Pick<Institution, 'key' | 'mailFrom'>): string =>
  mailFrom ?? `${key}@otp.example`;

/** Two halves of a tally. */
const TALLY = 'M5 4h10v8l-4 4 4 4v8H5zM17 4h10v24H17v-8l-4-4 4-4z';

/** The default look of an institution's pages. */
export const lookOf = ({ look }: Pick<Institution, 'look'>): Look => ({
  style: 'paper',
  mark: TALLY,
  ...look,
});

/** A P-256 public key as JWK (RFC 7518 §6.2). */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
