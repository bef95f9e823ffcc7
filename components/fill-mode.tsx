import { useEffect, useState } from 'preact/hooks';
import type { FillMode, FillModes, Shortcut } from '../core/autofill/bank-page.ts';
import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { Notice } from './notice.tsx';
import { ShortcutLine } from './shortcut.tsx';
import { type TextKey, useText } from './text.ts';

interface FillModeProps {
  readonly fillModes: FillModes;
  readonly shortcut: Shortcut | undefined;
  readonly token: TokenSummary;
  /** Whether its institution is told how often nothing was filled. */
  readonly reports: boolean;
}

interface Choice {
  readonly mode: FillMode;
  readonly title: TextKey;
  readonly hint: TextKey;
}

const CHOICES: readonly Choice[] = [
  { mode: 'automatic', title: 'fillAutomatic', hint: 'fillAutomaticHint' },
  { mode: 'on-request', title: 'fillOnRequest', hint: 'fillOnRequestHint' },
];

/** 設定 → 入力のしかた, of the token shown. A choice counts at once. */
export function FillModeScreen({ fillModes, shortcut, token, reports }: FillModeProps) {
  const text = useText();
  const [mode, setMode] = useState<FillMode>();
  const [outcome, setOutcome] = useState<'none' | 'saved' | 'unread' | 'unsaved'>('none');
  const { id } = token;
  useEffect(() => {
    fillModes.of(id).then(setMode, () => setOutcome('unread'));
  }, [fillModes, id]);
  const choose = (wanted: FillMode) => {
    setMode(wanted);
    fillModes.set(id, wanted).then(
      () => setOutcome('saved'),
      () => {
        setMode(mode);
        setOutcome('unsaved');
      },
    );
  };
  const chosen = CHOICES.find((choice) => choice.mode === mode);
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('fillModeTitle')}</h1>
      <fieldset class="choices">
        <legend>{displayName(token)}</legend>
        {CHOICES.map((choice) => (
          <div key={choice.mode} class="choice">
            <input
              type="radio"
              name="fill-mode"
              id={choice.mode}
              aria-describedby={`${choice.mode}-hint`}
              checked={choice === chosen}
              disabled={outcome === 'unread'}
              onChange={() => choose(choice.mode)}
            />
            <label for={choice.mode}>{text(choice.title)}</label>
            <p class="hint" id={`${choice.mode}-hint`}>
              {text(choice.hint)}
            </p>
          </div>
        ))}
      </fieldset>
      <div class="outcome" role="status">
        {outcome === 'saved' && chosen && (
          <Notice tone="done">
            <p>{text('fillModeSaved', text(chosen.title))}</p>
          </Notice>
        )}
        {(outcome === 'unread' || outcome === 'unsaved') && (
          <Notice tone="danger">
            <p>{text(outcome === 'unread' ? 'fillModeUnread' : 'storageWriteFailed')}</p>
          </Notice>
        )}
      </div>
      {reports && <p class="hint">{text('fillReports')}</p>}
      {shortcut && <ShortcutLine shortcut={shortcut} />}
    </section>
  );
}
