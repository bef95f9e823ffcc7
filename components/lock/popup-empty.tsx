import { useEffect, useState } from 'preact/hooks';
import type { PopupShell } from '../../core/shell.ts';
import type { Traces } from '../../core/vault/storage.ts';
import { Contact } from '../contact.tsx';
import { Loading } from '../loading.tsx';
import { useText } from '../text.ts';
import { lossOf } from './loss.ts';
import { LossNotice } from './recovery.tsx';

const NO_TRACES: Traces = { wiped: undefined, remembered: [], guides: [] };

/** A popup without a token: leads to 初期設定, or says what happened to the token and whom to call. */
export function PopupEmpty({ shell }: { readonly shell: Pick<PopupShell, 'loadTraces' | 'openTokenPage'> }) {
  const text = useText();
  const [traces, setTraces] = useState<Traces>();
  useEffect(() => {
    shell.loadTraces().then(setTraces, () => setTraces(NO_TRACES));
  }, [shell]);
  if (traces === undefined) return <Loading />;
  const { kind, institutions } = lossOf([], traces.remembered, traces.wiped);
  const own = traces.guides.filter(({ key }) => institutions.includes(key));
  const start = () => shell.openTokenPage('add');
  if (kind === 'none') {
    return (
      <section class="card empty">
        <h1 tabIndex={-1}>{text('emptyTitle')}</h1>
        <p>{text('emptyBody')}</p>
        <button type="button" class="button primary wide" onClick={start}>
          {text('emptyStart')}
        </button>
      </section>
    );
  }
  return (
    <section class="card">
      <LossNotice loss={kind} heading />
      {own.map((guide) => (
        <Contact key={guide.key} face={guide} name={guide.name} />
      ))}
      <button type="button" class="button primary wide" onClick={() => shell.openTokenPage('help')}>
        {text('helpOpen')}
      </button>
      <button type="button" class="button wide" onClick={start}>
        {text('emptyStart')}
      </button>
    </section>
  );
}
