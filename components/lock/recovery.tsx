import type { ReleaseWay } from '../../core/institution/directory.ts';
import type { RecoveryGuide } from '../../core/institution/guide.ts';
import { familyText } from '../family-words.ts';
import { Notice } from '../notice.tsx';
import { inLanguage, type TextKey, useText } from '../text.ts';
import { reissueWords, releaseWords } from './recovery-words.ts';

/** What happened to the tokens, if anything. */
export type Loss = 'none' | 'wiped' | 'lost';

interface RecoveryProps {
  readonly guides: readonly RecoveryGuide[];
  /** Keys of the customer's institutions; all institutions are shown if none is known. */
  readonly own: readonly string[];
  readonly loss: Loss;
  readonly onPrint: () => void;
}

/** お困りのとき: for each institution what to do and whom to call. It can be printed. */
export function Recovery({ guides, own, loss, onPrint }: RecoveryProps) {
  const text = useText();
  const known = guides.filter(({ key }) => own.includes(key));
  return (
    <>
      <section class="card">
        <h1 tabIndex={-1}>{text('helpOpen')}</h1>
        <LossNotice loss={loss} />
        <p>{text('recoveryLead')}</p>
        <ul class="points">
          <li>{text('recoveryLost')}</li>
          <li>{text('recoveryChange')}</li>
          <li>{text('recoveryPin')}</li>
          <li>{text('recoveryCopied')}</li>
        </ul>
        <button type="button" class="button primary wide no-print" onClick={onPrint}>
          {text('recoveryPrint')}
        </button>
      </section>
      <div class="guides">
        {(known.length > 0 ? known : guides).map((guide) => (
          <Guide key={guide.key} guide={guide} />
        ))}
      </div>
    </>
  );
}

const LOSS_TEXTS: Record<Exclude<Loss, 'none'>, { readonly title: TextKey; readonly body: TextKey }> = {
  wiped: { title: 'wipedTitle', body: 'wipedBody' },
  lost: { title: 'lostTitle', body: 'lostBody' },
};

/** Says that tokens are gone, and why; it is the screen's heading if there is no other. */
export function LossNotice({ loss, heading }: { readonly loss: Loss; readonly heading?: boolean }) {
  const text = useText();
  if (loss === 'none') return null;
  const { title, body } = LOSS_TEXTS[loss];
  return (
    <>
      {heading && <h1 tabIndex={-1}>{text(title)}</h1>}
      <Notice tone="danger" title={heading ? undefined : text(title)}>
        <p>{text(body)}</p>
        <p>{text('wipedNext')}</p>
      </Notice>
    </>
  );
}

function Guide({ guide }: { guide: RecoveryGuide }) {
  const text = useText();
  const { name, nameEn, contact, reissueAfterDays: days, suspends, help } = guide;
  return (
    <section class="card guide">
      <h2>{inLanguage(text, name, `${nameEn} ${name}`)}</h2>
      <p class="contact urgent">
        <span>{text('recoveryStop')}</span> <a href={`tel:${contact.phone}`}>{contact.phone}</a>{' '}
        <span class="quiet">{inLanguage(text, contact.hours, contact.hoursEn)}</span>
      </p>
      <p>{text(suspends ? familyText('suspendSelf', guide) : 'recoverySuspendStaff')}</p>
      <ol class="points">
        {releaseWords(guide).map(({ way, title, body }) => (
          <li key={way.by}>
            <strong>{text(title)}</strong>
            <p>{text(body)}</p>
            <WayDetails way={way} guide={guide} />
          </li>
        ))}
        <li>
          <strong>{text(familyText('afterEnd', guide))}</strong>
          <p>{text(reissueWords(guide), String(days))}</p>
        </li>
      </ol>
      {help && (
        <a class="way-link no-print" href={help} target="_blank" rel="noopener noreferrer">
          {text('recoveryHelpPage')}
        </a>
      )}
    </section>
  );
}

function WayDetails({ way, guide }: { way: ReleaseWay; guide: RecoveryGuide }) {
  const text = useText();
  switch (way.by) {
    case 'self-service':
      return way.path === undefined ? null : (
        <a
          class="way-link"
          href={new URL(way.path, guide.origin).href}
          target="_blank"
          rel="noopener noreferrer"
        >
          {text(familyText('endSelfPage', guide))}
        </a>
      );
    case 'phone':
      return null;
    case 'counter':
      return (
        <dl class="way-details">
          <div>
            <dt>{text('recoveryHours')}</dt>
            <dd>{inLanguage(text, way.hours, way.hoursEn)}</dd>
          </div>
          <div>
            <dt>{text('recoveryBring')}</dt>
            <dd>{inLanguage(text, way.bring, way.bringEn)}</dd>
          </div>
        </dl>
      );
  }
}
