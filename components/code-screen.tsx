import { useEffect, useState } from 'preact/hooks';
import { ClockLine } from './clock-line.tsx';
import { CodeCard } from './code-card.tsx';
import { displayOf } from './code-display.tsx';
import { InboxLine } from './confirm/inbox-line.tsx';
import { useCovered } from './covered.ts';
import { Loading } from './loading.tsx';
import type { ScreenProps } from './screen-props.ts';

type CodeScreenProps = Pick<ScreenProps, 'shell' | 'model' | 'inbox' | 'preferences' | 'dispatch'>;

/** The code of the token that is chosen. */
export function CodeScreen({ shell, model, inbox, preferences, dispatch }: CodeScreenProps) {
  const { clock, deviceMs, tokens, selectedId } = model.state.value;
  const { tapToReveal, nextCode } = preferences.state.value;
  const { revealed, toggle } = useRevealed(selectedId);
  const covered = useCovered();
  const view = model.view.value;
  if (view === undefined) return <Loading />;
  const display = { conceals: tapToReveal, concealed: tapToReveal && !revealed, onToggle: toggle, nextCode };
  const shown = covered ? { ...view, code: undefined, next: undefined } : view;
  return (
    <>
      <CodeCard
        view={shown}
        {...displayOf(shown, display)}
        face={shell.institution(view.token.institution)}
        copyIsPrimary
        copy={shell.copy}
        onRetry={model.reload}
        onCopied={() => shell.preferences?.noteUse(view.token.id, shell.clock())}
      />
      <InboxLine inbox={inbox} tokens={tokens} onOpen={() => dispatch({ kind: 'go', to: 'confirm' })} />
      <ClockLine clock={clock} deviceMs={deviceMs} onCheck={model.measureClock} />
    </>
  );
}

/** Whether the code of a token was asked for, on this screen and since it came into view. */
function useRevealed(tokenId: string | undefined) {
  const [revealedId, setRevealedId] = useState<string>();
  useEffect(() => {
    const follow = () => document.hidden && setRevealedId(undefined);
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, []);
  const revealed = revealedId !== undefined && revealedId === tokenId;
  return { revealed, toggle: () => setRevealedId(revealed ? undefined : tokenId) };
}
