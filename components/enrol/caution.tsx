import { useText } from '../text.ts';

/** 注意メッセージ: what keeps a one-time password safe. */
export function Caution({ onOk }: { onOk: () => void }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('cautionTitle')}</h1>
      <ul class="points">
        <li>{text('cautionTellNobody')}</li>
        <li>{text('cautionOwnSite')}</li>
        <li>{text('cautionBeforeChange')}</li>
      </ul>
      <button type="button" class="button primary wide" onClick={onOk}>
        {text('ok')}
      </button>
    </section>
  );
}
