import { useEffect, useState } from 'preact/hooks';
import type { Installer, InstallWay } from '../../core/install.ts';
import { Notice } from '../notice.tsx';
import { type TextKey, useText } from '../text.ts';
import { STEP_PICTURES } from './pictures.tsx';

const STEPS: Record<Exclude<InstallWay, 'none'>, readonly [TextKey, TextKey, TextKey]> = {
  ios: ['installIosShare', 'installIosAdd', 'installFromHome'],
  android: ['installAndroidMenu', 'installAndroidAdd', 'installFromHome'],
  desktop: ['installDesktopBar', 'installDesktopDo', 'installDesktopOpen'],
  dock: ['installDockMenu', 'installDockAdd', 'installDockOpen'],
};

const NOTES: Partial<Record<InstallWay, TextKey>> = { ios: 'installIosNote', dock: 'installDockNote' };

/** How this browser makes an app of the companion, step by step, with the browser's own question where it has one. */
export function InstallGuide({ installer }: { installer: Installer }) {
  const text = useText();
  const { way } = installer;
  const [canAsk, setCanAsk] = useState(false);
  const [done, setDone] = useState(false);
  useEffect(() => {
    const watching = new AbortController();
    installer.watch(setCanAsk, watching.signal);
    return () => watching.abort();
  }, [installer]);
  if (way === 'none') return <p>{text('installNone')}</p>;
  if (done) {
    return (
      <Notice tone="done" role="status">
        <p>{text('installDone')}</p>
      </Notice>
    );
  }
  const note = NOTES[way];
  return (
    <>
      {canAsk && (
        <>
          <button
            type="button"
            class="button primary wide"
            onClick={async () => setDone(await installer.ask())}
          >
            {text('installAsk')}
          </button>
          <p class="quiet">{text('installByHand')}</p>
        </>
      )}
      <ol class="steps">
        {STEPS[way].map((step, place) => {
          const Drawn = STEP_PICTURES[way][place as 0 | 1 | 2];
          return (
            <li key={step} class="step">
              <Drawn />
              <p>{text(step)}</p>
            </li>
          );
        })}
      </ol>
      {note && <p class="quiet">{text(note)}</p>}
    </>
  );
}

/** 設定 → アプリとして使う. */
export function InstallScreen({ installer }: { installer: Installer }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('installTitle')}</h1>
      <p>{text('installLead')}</p>
      <InstallGuide installer={installer} />
    </section>
  );
}

/** Before the first 初期設定, where the browser clears what a mere tab keeps and a token cannot be taken along into the app. */
export function HomeScreenFirst({ installer, onLater }: { installer: Installer; onLater: () => void }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('homeScreenFirst')}</h1>
      <p>{text('homeScreenWhy')}</p>
      <p>{text('homeScreenNotMoved')}</p>
      <InstallGuide installer={installer} />
      <button type="button" class="button bare wide" onClick={onLater}>
        {text('homeScreenLater')}
      </button>
    </section>
  );
}
