import type { Texts } from '../../../components/text.ts';
import ja from '../../../public/_locales/ja/messages.json';

/** Japanese texts as the browser would give them. */
export const text: Texts = (key, ...substitutions) =>
  ja[key].message.replace(/\$([1-9])/g, (_all, place: string) => substitutions[Number(place) - 1] ?? '');
