import type { ComponentChildren } from 'preact';
import type { TokenSummary } from '../../core/vault/token.ts';
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

/** 連携, on either side. The headings do not wait for what is loaded later: they name the page and take the focus. */
export function PairingScreen({ shell, model, dispatch, at, scanned }: PairingScreenProps) {
  const text = useText();
  const { part, want } = useLater(() => import('./screens.tsx'));
  void want();
  const { pairing } = shell;
  const { tokens } = model.state.value;
  if (pairing.kind === 'desktop') {
    const paired = async ({ id, decider = '' }: TokenSummary) => {
      const first = tokens.length === 0;
      await model.select(id);
      dispatch({ kind: 'paired', name: decider, first });
    };
    return (
      <Card title={text('pairPhoneTitle')}>
        {part ? (
          <part.DesktopPairing pairing={pairing} onPaired={(token) => void paired(token)} />
        ) : (
          <Loading />
        )}
      </Card>
    );
  }
  if (tokens.length === 0) return <NoToken onEnrol={() => dispatch({ kind: 'go', to: 'code' })} />;
  if (at === 'desktops') {
    return (
      <>
        <Card title={text('desktopsTitle')}>
          <p>{text('desktopsLead')}</p>
          <button
            type="button"
            class="button primary wide"
            onClick={() => dispatch({ kind: 'go', to: 'pair' })}
          >
            {text('pairDesktopTitle')}
          </button>
        </Card>
        {part ? <part.Desktops pairer={pairing.pairer} tokens={tokens} /> : <Loading />}
      </>
    );
  }
  const selected = selectedToken(model.state.value);
  const done = () => dispatch({ kind: 'opened', item: 'desktops', tokens });
  return (
    <Card title={text('pairDesktopTitle')}>
      {part ? (
        <part.PhonePairing key={scanned} {...{ pairing, tokens, selected, scanned }} onDone={done} />
      ) : (
        <Loading />
      )}
    </Card>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="card">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </section>
  );
}

/** The phone has no token yet that a desktop could fill for. */
function NoToken({ onEnrol }: { onEnrol: () => void }) {
  const text = useText();
  return (
    <Card title={text('pairDesktopTitle')}>
      <p>{text('pairNoToken')}</p>
      <button type="button" class="button primary wide" onClick={onEnrol}>
        {text('enrolTitle')}
      </button>
    </Card>
  );
}
