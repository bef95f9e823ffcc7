import type { RecoveryGuide } from '../../core/ports.ts';
import { Contact } from '../contact.tsx';
import { Notice } from '../notice.tsx';
import { type TextKey, useText } from '../text.ts';

/** What became of the tokens, where something did. */
export type Loss = 'none' | 'wiped' | 'lost';

interface RecoveryProps {
  readonly guides: readonly RecoveryGuide[];
  /** Keys of the customer's institutions; all are shown where none is known. */
  readonly own: readonly string[];
  readonly loss: Loss;
  readonly onPrint: () => void;
}

/** お困りのとき: the way back, for each institution what to do and whom to call. Made to be printed as well. */
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
      {(known.length > 0 ? known : guides).map((guide) => (
        <Guide key={guide.key} guide={guide} />
      ))}
    </>
  );
}

const LOSS_TEXTS: Record<Exclude<Loss, 'none'>, { readonly title: TextKey; readonly body: TextKey }> = {
  wiped: { title: 'wipedTitle', body: 'wipedBody' },
  lost: { title: 'lostTitle', body: 'lostBody' },
};

/** That tokens are gone, and why. */
export function LossNotice({ loss }: { readonly loss: Loss }) {
  const text = useText();
  if (loss === 'none') return null;
  const { title, body } = LOSS_TEXTS[loss];
  return (
    <Notice tone="danger" title={text(title)}>
      <p>{text(body)}</p>
      <p>{text('wipedNext')}</p>
    </Notice>
  );
}

function Guide({ guide }: { guide: RecoveryGuide }) {
  const text = useText();
  const { name, reissueAfterDays: days } = guide;
  return (
    <section class="card guide">
      <h2>{name}</h2>
      <ol class="points">
        <li>{text('recoveryStop')}</li>
        <li>{text('recoverySelf')}</li>
        <li>{text('recoveryCounter')}</li>
        <li>{days === 0 ? text('recoveryReissueNow') : text('recoveryReissue', String(days))}</li>
      </ol>
      <Contact face={guide} name={name} />
    </section>
  );
}
