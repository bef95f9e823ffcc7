import { useLater } from '../later.ts';
import { Loading } from '../loading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { useText } from '../text.ts';
import { selectedToken } from '../token-state.ts';

interface PairingScreenProps extends Pick<ScreenProps, 'shell' | 'model' | 'dispatch'> {
  readonly at: 'pair' | 'desktops';
  /** What the page's address says of a pairing. */
  readonly scanned: string | undefined;
}

/** 連携, on either side. */
export function PairingScreen({ shell, model, dispatch, at, scanned }: PairingScreenProps) {
  const { part, want } = useLater(() => import('./screens.tsx'));
  const { pairing } = shell;
  const { tokens } = model.state.value;
  if (part === undefined) {
    void want();
    return <Loading />;
  }
  if (pairing.kind === 'desktop') {
    const paired = async (name: string) => {
      const first = tokens.length === 0;
      await model.reload();
      dispatch({ kind: 'paired', name, first });
    };
    return <part.DesktopPairing pairing={pairing} onPaired={({ decider }) => void paired(decider ?? '')} />;
  }
  if (tokens.length === 0) return <NoToken onEnrol={() => dispatch({ kind: 'go', to: 'code' })} />;
  const { pairer } = pairing;
  if (at === 'desktops') {
    const pair = () => dispatch({ kind: 'go', to: 'pair' });
    return <part.Desktops pairer={pairer} tokens={tokens} onPair={pair} />;
  }
  const selected = selectedToken(model.state.value);
  const done = () => dispatch({ kind: 'opened', item: 'desktops', tokens });
  return <part.PhonePairing {...{ pairing, tokens, selected, scanned }} onDone={done} />;
}

/** The phone has no token yet that a desktop could fill for. */
function NoToken({ onEnrol }: { onEnrol: () => void }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('pairDesktopTitle')}</h1>
      <p>{text('pairNoToken')}</p>
      <button type="button" class="button primary wide" onClick={onEnrol}>
        {text('enrolTitle')}
      </button>
    </section>
  );
}
