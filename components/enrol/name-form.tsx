import { useState } from 'preact/hooks';
import { MAX_SUFFIX, suffixProblem } from '../../core/vault/suffix.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { Notice } from '../notice.tsx';
import { type Texts, useText } from '../text.ts';
import { Field } from './field.tsx';

interface NameFormProps {
  readonly title: string;
  readonly token: TokenSummary;
  /** Stores the new 追加文言; rejects if that fails. */
  readonly onRegister: (suffix: string) => Promise<void>;
}

/** トークン表示名設定 and トークン表示名変更. */
export function NameForm({ title, token, onRegister }: NameFormProps) {
  const text = useText();
  const [typed, setTyped] = useState(token.suffix);
  const [saving, setSaving] = useState<'no' | 'yes' | 'failed'>('no');
  const suffix = typed.trim();
  const problem = suffixSentence(text, suffix);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (saving === 'yes') return;
    if (problem) return document.getElementById('suffix')?.focus();
    setSaving('yes');
    onRegister(suffix).catch(() => setSaving('failed'));
  };
  const { institutionName } = token;
  return (
    <form class="card" noValidate onSubmit={submit}>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text('nameLead')}</p>
      <dl class="details">
        <div>
          <dt>{text('tokenName')}</dt>
          <dd>{displayName(token)}</dd>
        </div>
        <div>
          <dt>{text('suffixBefore')}</dt>
          <dd>{token.suffix || text('suffixNone')}</dd>
        </div>
      </dl>
      <Field
        id="suffix"
        label={text('suffixAfter')}
        hint={text('suffixExample', displayName({ institutionName, suffix: text('suffixSample') }))}
        problem={problem}
        value={typed}
        onValue={setTyped}
      />
      <div class="preview">
        <p class="quiet">{text('preview')}</p>
        <output class="token-name" for="suffix">
          {displayName({ institutionName, suffix: problem ? token.suffix : suffix })}
        </output>
      </div>
      {saving === 'failed' && (
        <Notice tone="danger" role="alert">
          <p>{text('storageWriteFailed')}</p>
        </Notice>
      )}
      <div class="actions">
        <button type="submit" class="button primary wide" aria-disabled={saving === 'yes'}>
          {text('register')}
        </button>
      </div>
    </form>
  );
}

function suffixSentence(text: Texts, suffix: string): string | undefined {
  switch (suffixProblem(suffix)) {
    case 'too-long':
      return text('suffixTooLong', String(MAX_SUFFIX), String([...suffix].length - MAX_SUFFIX));
    case 'unprintable':
      return text('suffixUnprintable');
    case undefined:
      return undefined;
  }
}
