/**
 * The types of transaction that customers confirm, each one table of its fields. Everything that is done with a field
 * follows from its row: the API's schema, the shape of messages, the canonical text, the comparison with what was
 * confirmed and with what a bank's page shows, the order and the labels on the screen. A label is a key of
 * `public/_locales`.
 */

/** The kinds of value, and what a row says of each. */
interface Kinds<Label> {
  /** So many decimal digits. */
  digits: { readonly length: number; readonly onPage?: PageLabels };
  /** A name in the one form of `text.ts`, of at most so many characters. */
  name: { readonly most: number; readonly onPage?: PageLabels };
  /** A code of so many digits, and the name it stands for. */
  'coded-name': { readonly digits: number; readonly most: number };
  /** One of some words, each with its label. */
  choice: { readonly of: Readonly<Record<string, Label>> };
  /** A whole number from 1, or from 0 where its row says so. */
  yen: { readonly least?: 0; readonly most: number; readonly onPage?: PageLabels };
  /** A day in Japan, YYYY-MM-DD. */
  date: { readonly onPage?: PageLabels };
  /** A mail address in the form of `address.ts`. */
  address: { readonly onPage?: PageLabels };
  /** 128 random bits, base64url. */
  id: object;
  /** Whatever its writer calls it; never shown. */
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

/** How to find a field on a bank's page: its labels, without spaces, marks before them and notes after them. */
interface PageLabels {
  readonly label: RegExp;
  /** One of any amount: it counts where it is the only one, in yen, and the page has no better one. */
  readonly vague?: RegExp;
}

export type Kind = keyof Kinds<string>;

type OfKind<K extends Kind, Label = string> = { readonly kind: K } & Kinds<Label>[K];

/** A field that is signed. */
export type Field = { [K in Kind]: OfKind<K> }[Kind];

/** Kinds that can be shown, and whose text hides nothing. */
type ShownKind = Exclude<Kind, 'id' | 'key'>;

/** How a transaction's field stands on the screen; all of them do. */
interface OnScreen<Label> {
  /** Fields with the same label, one after the other, are one item of several lines. */
  readonly label: Label;
  /** On the line of the field before it. */
  readonly beside?: boolean;
  /** One to know the transaction by, wherever it is named briefly. */
  readonly brief?: boolean;
}

type TransactionField<Label> = { [K in ShownKind]: OfKind<K, Label> & OnScreen<Label> }[ShownKind];

interface Table<Label> {
  readonly heading: Label;
  /** What it is, in a word or two, where several stand below one another. */
  readonly name: Label;
  /** What is said once it was decided. */
  readonly decided: Readonly<Record<'confirmed' | 'rejected' | 'not-me', Label>>;
  /** The label of `requestedAt`. */
  readonly requestedAt: Label;
  /** In the order of the screen. */
  readonly fields: Readonly<Record<string, TransactionField<Label>>>;
}

/** The most an amount can be: ten digits of yen, as in the zengin format. */
export const MOST_YEN = 9_999_999_999;

/** Longest names; the zengin format has 48 for a payee and 15 for the others. */
const MOST_PAYEE = 48;
/** The longest name of a bank or branch, in characters. */
export const MOST_NAME = 30;

/** Of a change of what the bank holds, whatever it is. */
const CHANGE_DECIDED = {
  confirmed: 'changeConfirmedBody',
  rejected: 'changeRejectedBody',
  'not-me': 'changeNotMeBody',
} as const;

const TABLES = {
  /** 振込: where money is to go, and how much. */
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
  /** 振込・振替限度額の変更: what can be transferred in a day. */
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
  /** メールアドレスの変更: where the bank's notices go. */
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
      /** No day can be named: it counts from the moment the bank takes it. */
      from: { kind: 'choice', of: { 'on-acceptance': 'onAcceptance' }, label: 'addressFrom' },
    },
  },
  /** 新しい端末でのトークン利用: the token that is to take this one's place, as it described itself at its 初期設定. */
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
      /** シリアルNo: the new device shows it. */
      serial: {
        kind: 'digits',
        length: 9,
        label: 'newSerial',
        brief: true,
        onPage: { label: /^新しい(?:端末|トークン)のシリアル(?:No\.?|番号)$/ },
      },
      /** When 初期設定 was done there. */
      setUpAt: { kind: 'time', label: 'setUpAt' },
    },
  },
} as const satisfies Readonly<Record<string, Table<string>>>;

/** What the service adds to a transaction of any type. */
export const COMMON_FIELDS = {
  /** The confirmation's id. */
  confirmation: { kind: 'id' },
  /** Of the directory. */
  institution: { kind: 'key' },
  /** The token's id. */
  token: { kind: 'key' },
  /** 確認番号: tells confirmations that wait at the same time apart. */
  number: { kind: 'digits', length: 2 },
  /** By the service's clock. */
  requestedAt: { kind: 'time' },
  /** Until when it can be confirmed. */
  expiresAt: { kind: 'time' },
} as const satisfies Readonly<Record<string, Field>>;

type Tables = typeof TABLES;
export type TransactionType = keyof Tables;

type FieldsOf<T extends TransactionType> = Tables[T]['fields'];

/** A name of a visible text that some table needs. */
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

/** The tables, for whoever goes through the fields. */
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

/** A field's row with the value it has in a transaction. */
export type Row = {
  [K in ShownKind]: OfKind<K, Label> & OnScreen<Label> & { readonly name: string; readonly value: Values[K] };
}[ShownKind];

/** A transaction as the rows of its table. */
export function rowsOf(transaction: Transaction): readonly Row[] {
  const values: Readonly<Record<string, unknown>> = transaction;
  const { fields } = TRANSACTIONS[transaction.type];
  // A transaction's type is made from the same table: each value is of its row's kind.
  return Object.entries(fields).map(([name, field]) => ({ ...field, name, value: values[name] }) as Row);
}

/** Where a text stands that was typed: the fields of a transaction that are names. */
export type NameField<T extends TransactionType = TransactionType> = {
  [F in keyof FieldsOf<T> & string]: FieldsOf<T>[F] extends { kind: 'name' }
    ? F
    : FieldsOf<T>[F] extends { kind: 'coded-name' }
      ? `${F}.name`
      : never;
}[keyof FieldsOf<T> & string];
