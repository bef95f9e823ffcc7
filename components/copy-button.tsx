import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { type TextKey, useText } from './text.ts';

/** How long コピーしました is shown. */
const FEEDBACK_MS = 2500;

interface CopyButtonProps {
  readonly code: string | undefined;
  readonly primary: boolean;
  readonly copy: (text: string) => Promise<void>;
  /** What is copied, where コピー alone would not say it. */
  readonly label?: TextKey;
  /** Read out after copying. */
  readonly aloud?: TextKey;
}

type Feedback = 'none' | 'copied' | 'failed';

/** コピー. Its result is shown in the button and read out once, politely. */
export function CopyButton({ code, primary, copy, label = 'copy', aloud = 'copiedAloud' }: CopyButtonProps) {
  const text = useText();
  const [feedback, setFeedback] = useState<Feedback>('none');
  useEffect(() => {
    if (feedback !== 'copied') return;
    const timer = setTimeout(() => setFeedback('none'), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [feedback]);
  const press = () => {
    if (code === undefined) return;
    copy(code).then(
      () => setFeedback('copied'),
      () => setFeedback('failed'),
    );
  };
  return (
    <>
      <button type="button" class={primary ? 'button primary wide' : 'button wide'} onClick={press}>
        <Icon name={feedback === 'copied' ? 'done' : 'copy'} />
        {text(feedback === 'copied' ? 'copied' : label)}
      </button>
      <p class={feedback === 'failed' ? 'problem' : 'visually-hidden'} role="status">
        {feedback === 'copied' && text(aloud)}
        {feedback === 'failed' && text('copyFailed')}
      </p>
    </>
  );
}
