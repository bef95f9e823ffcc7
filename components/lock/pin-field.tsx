import { useEffect, useState } from 'preact/hooks';
import { Field, type FieldProps } from '../enrol/field.tsx';
import { useText } from '../text.ts';

interface PinFieldProps
  extends Pick<FieldProps, 'id' | 'label' | 'hint' | 'problem' | 'value' | 'onValue' | 'readOnly'> {
  /** Takes the focus when it appears. */
  readonly first?: boolean;
}

/** An input for a PIN, shown as dots unless the customer wants to see it. */
export function PinField({ first, ...props }: PinFieldProps) {
  const { id } = props;
  const text = useText();
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (first) document.getElementById(id)?.focus();
  }, [first, id]);
  return (
    <Field {...props} required secret revealed={revealed}>
      <button type="button" class="button small" aria-controls={id} onClick={() => setRevealed(!revealed)}>
        {text(revealed ? 'conceal' : 'reveal')}
      </button>
    </Field>
  );
}
