import { z } from 'zod';
import { TOKEN_KINDS } from '../otp/kind.ts';
import { checkText } from '../transaction/text.ts';
import { MOST_NAME } from '../transaction/types.ts';
import { repeated } from './distinct.ts';
import { policySchema } from './policy.ts';

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

/** Opening hours, in Japanese and in English. */
const opening = { hours: z.string().min(1).max(100), hoursEn: z.string().min(1).max(100) };

/** Where customers release a token: each with what they need to know of it. */
const releaseWay = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('self-service'),
    /** Path of the page for it on the institution's first page origin, where there is one to open; whole where it is shared. */
    path: z.string().max(200).refine(isPath, 'must be a path on the same origin').optional(),
  }),
  /** By the number of {@link institutionSchema}'s contact. */
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

/** How an institution's pages look, beside the colours, which are derived from its accent. */
const lookSchema = z.strictObject({
  /**
   * How header, menu, trail and primary button are drawn: on `paper` with lines of the accent, header `solid` in the accent,
   * the menu a `band` of it, or on a `tint` of it.
   */
  style: z.enum(['paper', 'solid', 'band', 'tint']).optional(),
  /** The mark: SVG path data on a grid of 32 by 32, drawn in one colour; where parts overlap, every second is cut out. */
  mark: z
    .string()
    .max(1000)
    .regex(/^M[MLHVCSQTAZmlhvcsqtaz0-9 ,.-]+$/)
    .optional(),
});

export const institutionSchema = z.strictObject({
  /** Short key used in file names, API keys and logs. */
  key: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  /** サービスID: tells the token which institution it is set up for. */
  serviceId: z.string().regex(/^[0-9]{8}$/),
  /** 金融機関コード. */
  bankCode: z.string().regex(/^[0-9]{4}$/),
  /** As pages, mails, the token and transfers between its customers' accounts show it. */
  name: z
    .string()
    .refine(
      (value) => checkText(value, MOST_NAME).kind === 'text',
      `must be a name that transfers can carry: at most ${MOST_NAME} kanji, kana, letters, digits and ー・（）．，－／「」`,
    ),
  nameEn: z.string().min(1).max(80),
  /** Which set of screens the bank uses. */
  family: z.enum(['ANSER', 'SHINKIN']),
  /**
   * The bank's own origins: codes are filled there and nowhere else. Where institutions share one, a page must show the
   * name or the 金融機関コード of one of them above its heading.
   */
  pageOrigins: z.array(origin).min(1),
  /** Whether the bank asks for codes in frames of its own origin within its own pages; else only the top frame counts. */
  frames: z.boolean().optional(),
  /** The token service's origin. */
  serviceOrigin: origin,
  /** What kind of token is issued; `software` where it is not said. */
  tokenKind: z.enum(TOKEN_KINDS).optional(),
  /** How codes are made, of tokens that are issued from now on: a token that is out keeps what it was issued with. */
  otp: otpParameters,
  /** The institution's colour, `#rrggbb`: all colours of its pages come from it, with contrast enough whatever it is. */
  accent: z.string().regex(/^#[0-9a-f]{6}$/),
  look: lookSchema.optional(),
  contact: z.strictObject({ phone: z.string(), ...opening }),
  /** Path of the page お困りのとき on the first page origin, where there is one to open; whole where it is shared. */
  helpPath: z.string().max(200).refine(isPath, 'must be a path on the same origin').optional(),
  /** Sender of its mails, which customers let through their filters; `<key>@otp.example` where it is not said. */
  mailFrom: z.email().max(100).optional(),
  /** How transfers are confirmed: by the decision alone, or with a code made for them; as `otp`, of the next tokens. */
  confirmation: z.enum(['approve', 'code']),
  rules: z.strictObject({
    /** Most that can be transferred in a day before the OTP is in use, in yen. */
    dailyLimitWithoutOtp: z.int().positive(),
    /** The limit on the application: the most 振込・振替限度額の変更 can set, in yen. */
    dailyLimitMost: z.int().positive(),
    /**
     * The most that one transfer by a hardware token can be, in yen: such a token shows no details, and its code alone confirms.
     * None is taken where it is not said.
     */
    hardwareLimit: z.int().positive().optional(),
    /** Days until 振込・振替限度額の変更 takes effect. */
    limitChangeAfterDays: z.int().min(0),
    /** Days after 利用解除 before a token can be issued again; 1 is from the next day. */
    reissueAfterDays: z.int().min(0),
    /**
     * How a customer applies for one-time passwords: online, also where it is not said, or on paper at the counter, which
     * staff register.
     */
    application: z.enum(['online', 'counter']).optional(),
    /** Whether issuing asks for the メール通知パスワード. */
    emailPassword: z.boolean(),
    /** What staff ask a caller before they unlock or resume a token (本人確認); nothing where it is not said. */
    callerQuestions: z.array(z.string().trim().min(1).max(200)).min(1).max(10).optional(),
    /** Who suspends a token (利用停止) that was lost: its customer at once, also where it is not said, or staff alone. */
    suspend: z.enum(['customer', 'staff']).optional(),
    /** Who may release a token (利用解除), in the order to try. */
    release: z.array(releaseWay).min(1).max(3),
  }),
  /** Where the institution wants other numbers than those of `policy.ts`. */
  policy: policySchema.optional(),
});

/** An institution that has no pages yet: it is announced, and nothing is issued or filled for it. */
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

/** A directory file: what a deployment is built for. What tells institutions apart is each one's own. */
export const directorySchema = z
  .strictObject({
    institutions: z.array(institutionSchema).min(1),
    preparing: z.array(preparingSchema).optional(),
  })
  .superRefine((directory, context) => {
    for (const { path, member, owner } of repeated(directory)) {
      context.addIssue({ code: 'custom', path, message: `is the ${member} of ${owner} already` });
    }
  });

export type Institution = z.infer<typeof institutionSchema>;
export type Look = Required<z.infer<typeof lookSchema>>;
export type ReleaseWay = z.infer<typeof releaseWay>;
export type PreparingInstitution = z.infer<typeof preparingSchema>;
export type Directory = z.infer<typeof directorySchema>;

/** An institution as the token carries it: with the public key of its service pinned at build, without its pages' look. */
export interface PinnedInstitution extends Omit<Institution, 'look'> {
  /** The service's ES256 signing key (RFC 7517), public half. */
  readonly serviceKey: PublicJwk;
}

/** Who has pages, and who is announced. */
export const everyInstitution = ({
  institutions,
  preparing = [],
}: Directory): readonly (Institution | PreparingInstitution)[] => [...institutions, ...preparing];

/** The address that an institution's mails come from. */
export const mailAddressOf = ({ key, mailFrom }: Pick<Institution, 'key' | 'mailFrom'>): string =>
  mailFrom ?? `${key}@otp.example`;

/** Two halves of a tally. */
const TALLY = 'M5 4h10v8l-4 4 4 4v8H5zM17 4h10v24H17v-8l-4-4 4-4z';

/** How an institution's pages look: what it does not say is as here. */
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
