import { NEXT_CODE_SECONDS } from '../core/preferences.ts';
import type { PreferenceModel } from './preference-model.ts';
import { type TextKey, useText } from './text.ts';

interface Option {
  readonly name: 'nextCode' | 'tapToReveal';
  readonly title: TextKey;
  readonly hint: TextKey;
}

const OPTIONS: readonly Option[] = [
  { name: 'nextCode', title: 'displayNext', hint: 'displayNextHint' },
  { name: 'tapToReveal', title: 'displayReveal', hint: 'displayRevealHint' },
];

/** 設定 → 表示のしかた. A choice counts at once. */
export function DisplaySettings({ preferences }: { preferences: PreferenceModel }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('displayTitle')}</h1>
      <div class="choices">
        {OPTIONS.map(({ name, title, hint }) => (
          <div key={name} class="choice">
            <input
              type="checkbox"
              id={name}
              aria-describedby={`${name}-hint`}
              checked={preferences.state.value[name]}
              onChange={({ currentTarget: { checked } }) => preferences.change({ [name]: checked })}
            />
            <label for={name}>{text(title)}</label>
            <p class="hint" id={`${name}-hint`}>
              {text(hint, String(NEXT_CODE_SECONDS))}
            </p>
          </div>
        ))}
      </div>
    </section>
  );
}
