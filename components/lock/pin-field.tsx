import { useEffect, useState } from 'preact/hooks';
import { Field } from '../enrol/field.tsx';
import { useText } from '../text.ts';

interface PinFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly readOnly?: boolean;
  /** Takes the focus when it comes on screen. */
  readonly first?: boolean;
}

/** A PIN: dots, unless the customer wants to see it. */
export function PinField({ first, ...props }: PinFieldProps) {
  const { id } = props;
  const text = useText();
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (first) document.getElementById(id)?.focus();
  }, [first, id]);
  return (
    <Field {...props} required secret={!revealed}>
      <button type="button" class="button small" aria-controls={id} onClick={() => setRevealed(!revealed)}>
        {text(revealed ? 'conceal' : 'reveal')}
      </button>
    </Field>
  );
}
