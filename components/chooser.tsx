import { useText } from './text.ts';
import { TokenList } from './token-list.tsx';
import type { TokenModel } from './token-model.ts';

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
