interface CodeDigitsProps {
  /** The code's label. */
  readonly name: string;
  /** Undefined until the code is made. */
  readonly code: string | undefined;
  readonly digits: number;
}

/**
 * A code, as `output`. Its text begins with the digits without a gap, for sight and clipboard; a screen reader gets them one by
 * one. A new code is not read out by itself.
 */
export function CodeDigits({ name, code, digits }: CodeDigitsProps) {
  const half = digits / 2;
  const shown = code ?? '·'.repeat(digits);
  return (
    <output class="code" aria-label={name} aria-live="off" aria-busy={code === undefined}>
      <span class="code-digits" aria-hidden="true">
        <span>{shown.slice(0, half)}</span>
        <span>{shown.slice(half)}</span>
      </span>{' '}
      <span class="visually-hidden">{code && [...code].join(' ')}</span>
    </output>
  );
}
