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
  /** Read out after copying, as it was then. */
  readonly aloud?: string;
  readonly onCopied?: (() => void) | undefined;
}

type Feedback = { readonly kind: 'none' | 'failed' } | { readonly kind: 'copied'; readonly aloud: string };

const NONE: Feedback = { kind: 'none' };

/** コピー. Its result is shown in the button and read out once, politely. */
export function CopyButton({ code, primary, copy, label = 'copy', aloud, onCopied }: CopyButtonProps) {
  const text = useText();
  const [feedback, setFeedback] = useState(NONE);
  const copied = feedback.kind === 'copied';
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setFeedback(NONE), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const press = () => {
    if (code === undefined) return;
    copy(code).then(
      () => {
        setFeedback({ kind: 'copied', aloud: aloud ?? text('copiedAloud') });
        onCopied?.();
      },
      () => setFeedback({ kind: 'failed' }),
    );
  };
  return (
    <>
      <button type="button" class={primary ? 'button primary wide' : 'button wide'} onClick={press}>
        <Icon name={copied ? 'done' : 'copy'} />
        {text(copied ? 'copied' : label)}
      </button>
      <p class={feedback.kind === 'failed' ? 'problem' : 'visually-hidden'} role="status">
        {feedback.kind === 'copied' && feedback.aloud}
        {feedback.kind === 'failed' && text('copyFailed')}
      </p>
    </>
  );
}
