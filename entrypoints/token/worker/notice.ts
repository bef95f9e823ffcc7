import { number, object, text } from '../../../core/messages/shape.ts';
import {
  confirmNoticeBody as bodyEn,
  noticeTitle as titleEn,
  confirmNoticeTitle as unknownEn,
} from '../../../public/_locales/en/messages.json';
import {
  confirmNoticeBody as bodyJa,
  noticeTitle as titleJa,
  confirmNoticeTitle as unknownJa,
} from '../../../public/_locales/ja/messages.json';

/** Names of the institutions in Japanese and English, by their keys. The build inserts it. */
declare const __COMPANION_NAMES__: Readonly<Record<string, readonly [ja: string, en: string]>>;

const TEXTS = {
  ja: { body: bodyJa, title: titleJa, unknown: unknownJa },
  en: { body: bodyEn, title: titleEn, unknown: unknownEn },
};

const messageShape = object({ institution: text(), waiting: number });

export interface ShownNotice {
  readonly title: string;
  readonly options: NotificationOptions;
}

/**
 * What is shown of a message. One that is of no use is shown as well: browsers take the permission from who shows nothing.
 * @param message as it was decrypted
 */
export function noticeOf(message: string | undefined, language: string): ShownNotice {
  const isJapanese = language.startsWith('ja');
  const { body, title, unknown } = TEXTS[isJapanese ? 'ja' : 'en'];
  const told = read(message);
  const name = told && __COMPANION_NAMES__[told.institution]?.[isJapanese ? 0 : 1];
  return {
    title: name ? title.message.replace('$1', name).replace('$2', String(told.waiting)) : unknown.message,
    options: {
      body: body.message,
      tag: name ? `confirmations ${told.institution}` : 'confirmations',
      icon: '/installed/icon-192.png',
      lang: isJapanese ? 'ja' : 'en',
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
