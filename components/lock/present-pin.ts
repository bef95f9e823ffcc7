import { useState } from 'preact/hooks';
import type { LockProof } from '../../core/vault/lock.ts';
import { normalisePin, type PinProblem, shapeProblem } from '../../core/vault/pin.ts';
import { useText } from '../text.ts';
import { problemWords } from './lock-words.ts';

/** The field for the PIN that is set. What can be nobody's PIN is not tried: the field says why, and gets the focus. */
export function usePresentPin(id: string) {
  const text = useText();
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<PinProblem>();
  const focus = () => document.getElementById(id)?.focus();
  return {
    field: { id, value, onValue: setValue, problem: problem && problemWords(text, problem) },
    /** @returns undefined if it cannot be the PIN */
    proof(): LockProof | undefined {
      const pin = normalisePin(value);
      const wrong = shapeProblem(pin);
      setProblem(wrong);
      if (!wrong) return { kind: 'pin', pin };
      focus();
      return undefined;
    },
    askAgain(): void {
      setValue('');
      focus();
    },
  };
}
