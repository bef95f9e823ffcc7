import { Icon } from './icon.tsx';
import { useText } from './text.ts';
import { TokenList } from './token-list.tsx';
import type { TokenModel } from './token-model.ts';

/** The way from the code to the other tokens. */
export function SwitchButton({ onClick }: { onClick: () => void }) {
  const text = useText();
  return (
    <button type="button" class="button bare" onClick={onClick}>
      <Icon name="swap" />
      {text('chooseTitle')}
    </button>
  );
}

/** トークン選択. */
export function Chooser({ model, onChoose }: { model: TokenModel; onChoose: (id: string) => void }) {
  const text = useText();
  const { tokens, selectedId } = model.state.value;
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('chooseTitle')}</h1>
      <p>{text('chooseLead')}</p>
      <TokenList tokens={tokens} selectedId={selectedId} onChoose={onChoose} />
    </section>
  );
}
