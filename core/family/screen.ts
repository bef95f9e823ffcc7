import type { ChallengeUse } from '../api/challenge.ts';
import type { TransactionType } from '../transaction/types.ts';

/** A screen of a family's internet banks. The bank's pages, its menu and the recognition of screens all read it. */
export interface Screen {
  /** 画面ID as the guides print it; where they print none, one of ours in the same style. */
  readonly id: string;
  /** Set where the ID is ours. */
  readonly isOurs?: true;
  readonly heading: string;
  /** Names of the steps. */
  readonly trail?: readonly string[];
  /** Which step of the trail this is, from 0. */
  readonly step?: number;
  /** Path of the menu's entry that it belongs to. */
  readonly menu?: string;
  /** What it asks the customer for, where that is something the token makes. */
  readonly asks?: AsksForCode;
}

/** A one-time password, or the code of a confirmed transaction that the screen shows, and that is of one type. */
export type AsksForCode = AskedField &
  (
    | {
        readonly code: 'password';
        readonly of?: undefined;
        /** What the token's signature does in the code's place, where its banks can ask for one instead. */
        readonly signs?: ChallengeUse;
      }
    | { readonly code: 'confirmation'; readonly of: TransactionType; readonly signs?: undefined }
  );

/** A field for what registers a token that the customer made: its シリアル番号, or its code. */
export interface FieldBeside {
  readonly gives: 'serial' | 'code';
  readonly labels: readonly string[];
}

interface AskedField {
  /** Whose code it is: of a token in use, also where it is not said, or of one that has still to be registered. */
  readonly token?: 'registered' | 'unregistered';
  /** The fields for a token that has still to be registered. Where one of them is missing the screen is another. */
  readonly beside?: readonly FieldBeside[];
  /** Names of the field for it. */
  readonly labels: readonly string[];
  /** Whether it is told by its ID and its heading, or, where banks print other IDs or none, by its heading alone. */
  readonly toldBy: 'id' | 'heading';
  /** Other headings that it may have. */
  readonly otherHeadings?: readonly string[];
}

/** What a family's banks call themselves and things, within a sentence. */
export interface FamilyWords {
  /** The bank of itself: 当組合. */
  readonly us: string;
  /** What a customer logs in with. */
  readonly loginId: string;
  /** What the number of a token is called. */
  readonly serial: string;
  /** The page that says how the customer's token stands. */
  readonly otpMenu: string;
  /** Where the limit of a day is changed: a sentence. */
  readonly changeLimit: string;
  /** What ending the use of a token is called, and the first step to another one. */
  readonly endUse: string;
  readonly firstStep: string;
  /** How one-time passwords are used again, after the customer ended it and after staff did: sentences. */
  readonly useAgain: string;
  readonly useNew: string;
  /** What is so until then: a sentence. */
  readonly beforeNew: string;
  /** What is so after use was ended, and while nothing is registered anew: sentences. */
  readonly withoutUse: string;
  /** What does not go on while a token is locked, and what it takes to go on: sentences. */
  readonly whileLocked: string;
  readonly toUnlock: string;
  /** What to do before a token ends, and what does not go on afterwards: sentences. */
  readonly beforeEnd: string;
  readonly afterEnd: string;
  /** Why transfers need the one-time password in use: a sentence. Left out where they are possible without it, up to a limit. */
  readonly needsOtp?: string;
  /** The seal that forms on paper ask for. */
  readonly seal: string;
  readonly cancellation: CancellationForm;
}

/** 解約届, the form on paper that ends the use of a token. */
export interface CancellationForm {
  readonly name: string;
  /** What it asks for: a sentence. */
  readonly asks: string;
  /** The reasons to choose from. */
  readonly reasons: readonly string[];
  /** What its customer is told: sentences. */
  readonly told: readonly string[];
}

export interface MenuEntry {
  readonly path: string;
  readonly label: string;
}

/** A family of internet banks: institutions with the same screens and words. */
export interface Family {
  readonly screens: Readonly<Record<string, Screen>> & { readonly error: Screen };
  /** The menu of every page after login. */
  readonly menu: readonly MenuEntry[];
  readonly words: FamilyWords;
  /** Whether its pages print their 画面ID. */
  readonly printsIds: boolean;
}
