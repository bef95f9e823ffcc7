import type { ComponentChildren } from 'preact';

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
  /** Shows dots for what is typed. */
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  /** Beside the input, such as a button to show a password. */
  readonly children?: ComponentChildren;
}

/** A labelled input with its hint above it and its problem below, both tied to it for screen readers. */
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
  required,
  readOnly,
}: FieldProps) {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const attributes = {
    id,
    value,
    required,
    readOnly,
    autocomplete: 'off',
    spellcheck: false,
    inputMode: numeric ? 'numeric' : undefined,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? 'true' : undefined,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
    onBlur: onLeave,
  } as const;
  return secret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />;
}
