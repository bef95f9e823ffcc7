import type { FillReport } from '../core/ports.ts';
import { Notice } from './notice.tsx';
import { pageWords, waitSeconds } from './page-notice-words.ts';
import { useText } from './text.ts';

interface PageNoticeProps {
  /** Undefined where the tab shows no page of an institution. */
  readonly report: FillReport | undefined;
  /** Device time in milliseconds, for the seconds still to wait. */
  readonly deviceMs: number;
  readonly filling: boolean;
  readonly onFill: () => void;
}

/** What happened on the bank's page in front of the customer, and この画面に入力する where that can help. */
export function PageNotice({ report, deviceMs, filling, onFill }: PageNoticeProps) {
  const text = useText();
  const words = report && pageWords(report);
  // seconds that run would be read out each time they change
  const live = report?.kind === 'waiting' ? 'off' : 'polite';
  return (
    <div class="page-notice">
      <div aria-live={live}>
        {report && words && (
          <Notice tone={words.tone}>
            <p>{text(words.title, String(waitSeconds(report, deviceMs)))}</p>
            {words.next && <p>{text(words.next)}</p>}
          </Notice>
        )}
      </div>
      {words?.canFill && (
        <button type="button" class="button primary wide" aria-disabled={filling} onClick={onFill}>
          {text('fillHere')}
        </button>
      )}
    </div>
  );
}
