import type { StorageModel } from '../storage-model.ts';
import { StorageNotice } from '../storage-notice.tsx';
import { useText } from '../text.ts';

interface CautionProps {
  readonly storage: StorageModel;
  readonly onOk: () => void;
}

/** 注意メッセージ: how to keep one-time passwords and the token safe. */
export function Caution({ storage, onOk }: CautionProps) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('cautionTitle')}</h1>
      <ul class="points">
        <li>{text('cautionTellNobody')}</li>
        <li>{text('cautionOwnSite')}</li>
        <li>{text('cautionBeforeChange')}</li>
      </ul>
      <StorageNotice storage={storage} />
      <button type="button" class="button primary wide" onClick={onOk}>
        {text('ok')}
      </button>
    </section>
  );
}
