import type { RecoveryGuide } from '../../core/institution/guide.ts';
import { Contact } from '../contact.tsx';
import { familyText } from '../family-words.ts';
import { inLanguage, useText } from '../text.ts';

interface WayBackProps {
  /** The guide of the token's institution; undefined if it is no longer in the directory. */
  readonly guide: RecoveryGuide | undefined;
}

/** Where to go, and whom to call, to end a token's use and get another. */
export function WayBack({ guide }: WayBackProps) {
  const text = useText();
  if (guide === undefined) return null;
  return (
    <div class="way-back">
      <a class="way-link" href={guide.origin} target="_blank" rel="noopener noreferrer">
        {text('wayBackOpen', inLanguage(text, guide.name, guide.nameEn))}
      </a>
      <p>{text(familyText('cannotLogIn', guide))}</p>
      <Contact face={guide} name={guide.name} />
    </div>
  );
}
