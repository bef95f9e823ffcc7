import type { InstitutionFace } from '../../core/institution/guide.ts';
import { familyText } from '../family-words.ts';
import type { StorageModel } from '../storage-model.ts';
import { StorageNotice } from '../storage-notice.tsx';
import { useText } from '../text.ts';

interface CautionProps {
  /** Of the token's institution. */
  readonly face: InstitutionFace | undefined;
  readonly storage: StorageModel;
  readonly onOk: () => void;
}

/** 注意メッセージ: how to keep one-time passwords and the token safe. */
export function Caution({ face, storage, onOk }: CautionProps) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('cautionTitle')}</h1>
      <ul class="points">
        <li>{text('cautionTellNobody')}</li>
        <li>{text('cautionOwnSite')}</li>
        <li>{text(familyText('beforeChange', face))}</li>
      </ul>
      <StorageNotice storage={storage} />
      <button type="button" class="button primary wide" onClick={onOk}>
        {text('ok')}
      </button>
    </section>
  );
}
