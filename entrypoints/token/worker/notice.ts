import { maybe, number, object, text } from '../../../core/messages/shape.ts';
import {
  approvalNoticeBody as approvalBodyEn,
  approvalNoticeTitle as approvalEn,
  confirmNoticeBody as bodyEn,
  noticeTitle as titleEn,
  confirmNoticeTitle as unknownEn,
} from '../../../public/_locales/en/messages.json';
import {
  approvalNoticeBody as approvalBodyJa,
  approvalNoticeTitle as approvalJa,
  confirmNoticeBody as bodyJa,
  noticeTitle as titleJa,
  confirmNoticeTitle as unknownJa,
} from '../../../public/_locales/ja/messages.json';

/** Names of the institutions in Japanese and English, by their keys. The build inserts it. */
declare const __COMPANION_NAMES__: Readonly<Record<string, readonly [ja: string, en: string]>>;

const TEXTS = {
  ja: {
    body: bodyJa,
    approval: approvalJa,
    approvalBody: approvalBodyJa,
    title: titleJa,
    unknown: unknownJa,
  },
  en: {
    body: bodyEn,
    approval: approvalEn,
    approvalBody: approvalBodyEn,
    title: titleEn,
    unknown: unknownEn,
  },
};

/** How many confirmations wait for the customer, and how many pages that other devices are to fill. */
const messageShape = object({ institution: text(), waiting: number, approvals: maybe(number) });

export interface ShownNotice {
  readonly title: string;
  /** https://notifications.spec.whatwg.org; browsers without `renotify` leave it out. */
  readonly options: NotificationOptions & { readonly renotify: boolean };
}

/**
 * What is shown of a message. One that is of no use is shown as well: browsers take the permission from who shows nothing.
 * @param message as it was decrypted
 */
export function noticeOf(message: string | undefined, language: string): ShownNotice {
  const isJapanese = language.startsWith('ja');
  const texts = TEXTS[isJapanese ? 'ja' : 'en'];
  const told = read(message);
  const name = told && __COMPANION_NAMES__[told.institution]?.[isJapanese ? 0 : 1];
  const asked = (told?.approvals ?? 0) > 0 ? 'approval' : 'title';
  const count = asked === 'approval' ? told?.approvals : told?.waiting;
  return {
    title: name
      ? texts[asked].message.replace('$1', name).replace('$2', String(count))
      : texts.unknown.message,
    options: {
      body: (name && asked === 'approval' ? texts.approvalBody : texts.body).message,
      tag: name ? `confirmations ${told.institution}` : 'confirmations',
      // takes the place of the one before, and is heard like it
      renotify: true,
      icon: '/installed/icon-192.png',
      lang: isJapanese ? 'ja' : 'en',
      ...(name && { data: told.institution }),
    },
  };
}

function read(message: string | undefined) {
  try {
    const told: unknown = JSON.parse(message ?? '');
    return messageShape(told) ? told : undefined;
  } catch {
    return undefined;
  }
}
