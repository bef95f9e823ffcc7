/**
 * The types of transaction that customers confirm, each a table of its fields. Everything about a field follows from its row:
 * the API's schema, the shape of messages, the canonical text, the comparison with the confirmed details and with a bank's
 * page, the order and the labels on the screen. A label is a key of `public/_locales`.
 */

/** The kinds of value, with the members of a row of each. */
interface Kinds<Label> {
  /** A fixed number of decimal digits. */
  digits: { readonly length: number; readonly onPage?: PageLabels };
  /** A name in the form of `text.ts`, up to a number of characters. */
  name: { readonly most: number; readonly onPage?: PageLabels };
  /** A code with a fixed number of digits, and the name that belongs to it. */
  'coded-name': { readonly digits: number; readonly most: number };
  /** One of several words, each with its label. */
  choice: { readonly of: Readonly<Record<string, Label>> };
  /** A whole number from 1 on, or from 0 if the row says so. */
  yen: { readonly least?: 0; readonly most: number; readonly onPage?: PageLabels };
  /** A day in Japan, YYYY-MM-DD. */
  date: { readonly onPage?: PageLabels };
  /** A mail address in the form of `address.ts`. */
  address: { readonly onPage?: PageLabels };
  /** 128 random bits, base64url. */
  id: object;
  /** Any id of another party; never shown. */
  key: object;
  /** ISO 8601 in UTC with milliseconds. */
  time: object;
}

/** A 金融機関 or 支店. */
export interface CodedName {
  readonly code: string;
  readonly name: string;
}

interface Values {
  digits: string;
  name: string;
  'coded-name': CodedName;
  choice: string;
  yen: number;
  date: string;
  address: string;
  id: string;
  key: string;
  time: string;
}

/** How to find a field on a bank's page: its labels without spaces, marks before and notes after them. */
interface PageLabels {
  readonly label: RegExp;
  /** A label of any amount. It counts if it is the only one, its value is in yen, and the page has no better label. */
  readonly vague?: RegExp;
}

export type Kind = keyof Kinds<string>;

type OfKind<K extends Kind, Label = string> = { readonly kind: K } & Kinds<Label>[K];

/** A field that is signed. */
export type Field = { [K in Kind]: OfKind<K> }[Kind];

/** Kinds whose text can be shown safely. */
type ShownKind = Exclude<Kind, 'id' | 'key'>;

/** How the screen shows a field. It shows every field. */
interface OnScreen<Label> {
  /** Consecutive fields with the same label make one item of several lines. */
  readonly label: Label;
  /** Whether it is on the same line as the field before it. */
  readonly beside?: boolean;
  /** Whether it identifies the transaction in lists and headings. */
  readonly brief?: boolean;
}

type TransactionField<Label> = { [K in ShownKind]: OfKind<K, Label> & OnScreen<Label> }[ShownKind];

interface Table<Label> {
  readonly heading: Label;
  /** The type in a word or two, for lists. */
  readonly name: Label;
  /** Texts after each decision. */
  readonly decided: Readonly<Record<'confirmed' | 'rejected' | 'not-me', Label>>;
  /** The label of `requestedAt`. */
  readonly requestedAt: Label;
  /** Fields in the order of the screen. */
  readonly fields: Readonly<Record<string, TransactionField<Label>>>;
}

/** The largest amount: ten digits of yen, as in the zengin format. */
export const MOST_YEN = 9_999_999_999;

/** Longest names; the zengin format has 48 for a payee and 15 for the others. */
const MOST_PAYEE = 48;
/** The longest name of a bank or branch, in characters. */
export const MOST_NAME = 30;

/** Texts that all changes of the customer's data share. */
const CHANGE_DECIDED = {
  confirmed: 'changeConfirmedBody',
  rejected: 'changeRejectedBody',
  'not-me': 'changeNotMeBody',
} as const;

const TABLES = {
  /** 振込: a transfer of money. */
  transfer: {
    heading: 'confirmTitle',
    name: 'transferName',
    decided: { confirmed: 'confirmedBody', rejected: 'rejectedBody', 'not-me': 'notMeDoneBody' },
    requestedAt: 'requestedAt',
    fields: {
      amount: {
        kind: 'yen',
        most: MOST_YEN,
        label: 'amount',
        brief: true,
        onPage: { label: /^[おご]?(?:振込み?|送金)金?額$/, vague: /^金額$/ },
      },
      /** お振込先人名. */
      payee: {
        kind: 'name',
        most: MOST_PAYEE,
        label: 'payee',
        brief: true,
        onPage: {
          label:
            /^お?(?:(?:振込み?|送金)先(?:人名|氏名|(?:口座)?名義人?)|受取人(?:様|名|様名|氏名|名義|(?:口座)?名義人?)?|受取口座名義人?)$/,
        },
      },
      /** 金融機関コード and name. */
      bank: { kind: 'coded-name', digits: 4, most: MOST_NAME, label: 'destination' },
      /** 支店コード and name. */
      branch: { kind: 'coded-name', digits: 3, most: MOST_NAME, label: 'destination' },
      /** 預金種目: 普通, 当座, 貯蓄. */
      accountType: {
        kind: 'choice',
        of: { ordinary: 'accountOrdinary', current: 'accountCurrent', savings: 'accountSavings' },
        label: 'destination',
      },
      accountNumber: { kind: 'digits', length: 7, label: 'destination', beside: true },
    },
  },
  /** 振込・振替限度額の変更: the most that can be transferred in a day. */
  'limit-change': {
    heading: 'limitChangeTitle',
    name: 'limitChangeName',
    decided: CHANGE_DECIDED,
    requestedAt: 'appliedAt',
    fields: {
      oldLimit: {
        kind: 'yen',
        least: 0,
        most: MOST_YEN,
        label: 'oldLimit',
        onPage: { label: /^(?:現在|変更前)の(?:(?:一日あたりの)?振込・振替)?限度額$/ },
      },
      newLimit: {
        kind: 'yen',
        least: 0,
        most: MOST_YEN,
        label: 'newLimit',
        brief: true,
        onPage: { label: /^(?:変更後の|新しい)(?:(?:一日あたりの)?振込・振替)?限度額$/ },
      },
      /** The day from which the new limit counts. */
      from: { kind: 'date', label: 'limitFrom', onPage: { label: /^(?:適用|変更)(?:開始)?日$/ } },
    },
  },
  /** メールアドレスの変更: the address for the bank's notices. */
  'email-change': {
    heading: 'emailChangeTitle',
    name: 'emailChangeName',
    decided: CHANGE_DECIDED,
    requestedAt: 'appliedAt',
    fields: {
      oldAddress: {
        kind: 'address',
        label: 'oldAddress',
        onPage: { label: /^(?:現在|変更前)のメールアドレス$/ },
      },
      newAddress: {
        kind: 'address',
        label: 'newAddress',
        brief: true,
        onPage: { label: /^(?:新しい|変更後の)メールアドレス$/ },
      },
      /** Always at once: the address counts from the moment the bank executes the change. */
      from: { kind: 'choice', of: { 'on-acceptance': 'onAcceptance' }, label: 'addressFrom' },
    },
  },
  /** 新しい端末でのトークン利用: the token that is to replace this one, as it described itself at its 初期設定. */
  'new-device': {
    heading: 'newDeviceTitle',
    name: 'newDeviceName',
    decided: {
      confirmed: 'newDeviceConfirmedBody',
      rejected: 'newDeviceRejectedBody',
      'not-me': 'newDeviceNotMeBody',
    },
    requestedAt: 'appliedAt',
    fields: {
      /** Its browser and system. */
      device: { kind: 'name', most: MOST_NAME, label: 'newDevice', brief: true },
      form: {
        kind: 'choice',
        of: { extension: 'deviceExtension', companion: 'deviceCompanion', other: 'deviceOther' },
        label: 'newDevice',
        brief: true,
      },
      /** シリアルNo, which the new device shows. */
      serial: {
        kind: 'digits',
        length: 9,
        label: 'newSerial',
        brief: true,
        onPage: { label: /^新しい(?:端末|トークン)のシリアル(?:No\.?|番号)$/ },
      },
      /** Time of its 初期設定. */
      setUpAt: { kind: 'time', label: 'setUpAt' },
    },
  },
} as const satisfies Readonly<Record<string, Table<string>>>;

/** What the service adds to a transaction of any type. */
export const COMMON_FIELDS = {
  /** The confirmation's id. */
  confirmation: { kind: 'id' },
  /** The institution's key in the directory. */
  institution: { kind: 'key' },
  /** The token's id. */
  token: { kind: 'key' },
  /** 確認番号, which differs between confirmations that wait at the same time. */
  number: { kind: 'digits', length: 2 },
  /** Time of the request, by the service's clock. */
  requestedAt: { kind: 'time' },
  /** Until when it can be confirmed. */
  expiresAt: { kind: 'time' },
} as const satisfies Readonly<Record<string, Field>>;

type Tables = typeof TABLES;
export type TransactionType = keyof Tables;

type FieldsOf<T extends TransactionType> = Tables[T]['fields'];

/** The name of a visible text that a table uses. */
type Label = {
  [T in TransactionType]:
    | LabelsIn<FieldsOf<T>>
    | Tables[T]['heading' | 'name' | 'requestedAt']
    | Tables[T]['decided'][keyof Tables[T]['decided']];
}[TransactionType];

type LabelsIn<Fields> = {
  [F in keyof Fields]:
    | (Fields[F] extends { label: infer L } ? L : never)
    | (Fields[F] extends { of: infer Of } ? Of[keyof Of] : never);
}[keyof Fields];

/** The tables, for code that goes through the fields. */
export const TRANSACTIONS: Readonly<Record<TransactionType, Table<Label>>> = TABLES;

export type ValueOf<F> = F extends { of: infer Of }
  ? keyof Of
  : F extends { kind: infer K extends Kind }
    ? Values[K]
    : never;

export type ValuesOf<Fields> = { readonly [F in keyof Fields]: ValueOf<Fields[F]> };

export type TransactionOf<T extends TransactionType> = { readonly type: T } & ValuesOf<FieldsOf<T>>;

/** What a bank asks a customer to confirm. */
export type Transaction = { [T in TransactionType]: TransactionOf<T> }[TransactionType];

export type Transfer = TransactionOf<'transfer'>;
export type LimitChange = TransactionOf<'limit-change'>;
export type EmailChange = TransactionOf<'email-change'>;
export type NewDevice = TransactionOf<'new-device'>;
export type AccountType = Transfer['accountType'];

/** A field's row with its value in a transaction. */
export type Row = {
  [K in ShownKind]: OfKind<K, Label> & OnScreen<Label> & { readonly name: string; readonly value: Values[K] };
}[ShownKind];

/** A transaction as the rows of its table. */
export function rowsOf(transaction: Transaction): readonly Row[] {
  const values: Readonly<Record<string, unknown>> = transaction;
  const { fields } = TRANSACTIONS[transaction.type];
  // The transaction's type is made from the same table, so each value is of its row's kind.
  return Object.entries(fields).map(([name, field]) => ({ ...field, name, value: values[name] }) as Row);
}

/** The fields of a transaction that are names, which somebody has typed. */
export type NameField<T extends TransactionType = TransactionType> = {
  [F in keyof FieldsOf<T> & string]: FieldsOf<T>[F] extends { kind: 'name' }
    ? F
    : FieldsOf<T>[F] extends { kind: 'coded-name' }
      ? `${F}.name`
      : never;
}[keyof FieldsOf<T> & string];
