import { useText } from './text.ts';
import { type Ordering, TokenList } from './token-list.tsx';
import type { TokenModel } from './token-model.ts';

interface ChooserProps {
  readonly model: TokenModel;
  readonly ordering?: Ordering | undefined;
  readonly onChoose: (id: string) => void;
}

/** トークン選択. */
export function Chooser({ model, ordering, onChoose }: ChooserProps) {
  const text = useText();
  const { tokens, selectedId } = model.state.value;
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('chooseTitle')}</h1>
      <p>{text('chooseLead')}</p>
      <TokenList tokens={tokens} selectedId={selectedId} ordering={ordering} onChoose={onChoose} />
    </section>
  );
}
