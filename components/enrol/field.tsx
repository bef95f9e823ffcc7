import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong and what to do. */
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly onLeave?: () => void;
  /** Digits: phones show their number pad. */
  readonly numeric?: boolean;
  /** A secret of no use anywhere else, which password managers should not keep. */
  readonly secret?: boolean;
  /** Shows a secret's text instead of dots. */
  readonly revealed?: boolean;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  /** Beside the input, such as a button to show a password. */
  readonly children?: ComponentChildren;
}

/** A labelled input with a hint above and a problem below, both tied to it for screen readers. */
export function Field(props: FieldProps) {
  const { id, label, hint, problem, children } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="field-row">
        <FieldInput {...props} />
        {children}
      </div>
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

function FieldInput({
  id,
  hint,
  problem,
  value,
  onValue,
  onLeave,
  numeric,
  secret,
  revealed,
  required,
  readOnly,
}: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // when the field disappears, browsers may take that for a login and offer to save its content
  useLayoutEffect(
    () => () => {
      if (secret && input.current) input.current.value = '';
    },
    [secret],
  );
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const attributes = {
    id,
    ref: input,
    value,
    required,
    readOnly,
    ...(secret ? UNSAVED : { autocomplete: 'off' }),
    spellcheck: false,
    inputMode: numeric ? 'numeric' : undefined,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? 'true' : undefined,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
    onBlur: onLeave,
  } as const;
  return secret && !revealed ? (
    <input type="password" {...attributes} />
  ) : (
    <input type="text" {...attributes} />
  );
}

/**
 * Attributes that keep password managers from offering to save a field. Chromium does not save one-time codes, and 1Password,
 * Bitwarden, LastPass and Dashlane have their own marks. It stays a password field: input methods do not show or learn it,
 * screen readers do not say it, and it cannot be copied.
 */
const UNSAVED = {
  autocomplete: 'one-time-code',
  'data-1p-ignore': '',
  'data-bwignore': '',
  'data-lpignore': 'true',
  'data-form-type': 'other',
} as const;
