import type { TokenSummary } from '../../core/vault/token.ts';
import { Mark } from '../mark.tsx';
import { useText } from '../text.ts';

/** Whether it is the first token of the device; only the words differ. */
export type EnrolPurpose = 'first' | 'add';

interface EnrolDoneProps {
  readonly purpose: EnrolPurpose;
  readonly token: TokenSummary;
  readonly onNext: () => void;
}

/** 初期設定完了. */
export function EnrolDone({ purpose, token, onNext }: EnrolDoneProps) {
  const text = useText();
  const first = purpose === 'first';
  const made = token.kind === 'serial';
  return (
    <section class="card">
      <div class="joining">
        <Mark size={72} joined />
      </div>
      <h1 tabIndex={-1}>{text(made ? 'madeTitle' : first ? 'enrolledTitle' : 'addedTitle')}</h1>
      <p class="lead">{text(made ? 'madeBody' : first ? 'enrolledBody' : 'addedBody')}</p>
      <p class="token-name">{token.institutionName}</p>
      <ul class="points">
        {made && <li>{text('madeNext', token.institutionName)}</li>}
        <li>{text('setClock')}</li>
        <li>{text('codesChange', String(token.parameters.period))}</li>
      </ul>
      <button type="button" class="button primary wide" onClick={onNext}>
        {text('next')}
      </button>
    </section>
  );
}
