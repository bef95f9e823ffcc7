import { useState } from 'preact/hooks';
import type { PageHelp, PageState } from '../core/autofill/bank-page.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import { diagnosis } from './page-diagnosis.ts';
import { type PageAction, pageWords, waitSeconds } from './page-notice-words.ts';
import { ShortcutLine } from './shortcut.tsx';
import { type TextKey, useText } from './text.ts';

interface PageNoticeProps {
  /** Undefined if the tab shows no page of an institution. */
  readonly page: PageState | undefined;
  /** Device time in milliseconds, for the countdown. */
  readonly deviceMs: number;
  readonly filling: boolean;
  /** Whether the choice of the token could not be kept, so that the page would not be filled with it. */
  readonly unkept: boolean;
  /** Whether a token was chosen since the popup was opened. */
  readonly chosen: boolean;
  readonly help: PageHelp;
  readonly copy: (text: string) => Promise<void>;
  /** Actions, each called in the handler of the click. */
  readonly on: Readonly<Record<PageAction, () => void>>;
}

const BUTTONS: Record<PageAction, TextKey> = {
  fill: 'fillHere',
  choose: 'chooseTitle',
  add: 'addTitle',
  allow: 'accessAllow',
  reload: 'pageReload',
  cancel: 'approvalCancel',
};

/** What was seen and decided on the bank's page in front of the customer, and the button that helps. */
export function PageNotice(props: PageNoticeProps) {
  const { page, deviceMs, filling, unkept, chosen, help, on } = props;
  const text = useText();
  const words = page && pageWords(page);
  const action = words?.action === 'choose' && chosen ? 'fill' : words?.action;
  if (unkept && action === 'fill') {
    return (
      <Notice tone="warn" role="status">
        <p>{text('storageWriteFailed')}</p>
      </Notice>
    );
  }
  // a screen reader would read out running seconds each time they change
  const live = page && 'until' in page ? 'off' : 'polite';
  const isOnRequest = page && 'reason' in page && page.reason === 'on-request';
  return (
    <div class="page-notice">
      <div aria-live={live}>
        {page && words && (
          <Notice tone={words.tone}>
            <p>{text(words.title, words.about ? text(words.about) : String(waitSeconds(page, deviceMs)))}</p>
            {words.next && <p>{text(words.next)}</p>}
            {'number' in page && <ApprovalNumber page={page} />}
          </Notice>
        )}
      </div>
      {action && (
        <button
          type="button"
          class={action === 'cancel' ? 'button wide' : 'button primary wide'}
          aria-disabled={filling}
          onClick={on[action]}
        >
          {text(action === 'fill' && page?.kind === 'unsigned' ? 'signHere' : BUTTONS[action])}
        </button>
      )}
      {isOnRequest && <ShortcutLine shortcut={help.shortcut} />}
      {page && <Details {...props} page={page} />}
    </div>
  );
}

/** The number that the other device, or the page itself, shows as well, so that customers know what is meant. */
function ApprovalNumber({ page: { kind, number } }: { page: Extract<PageState, { number: string }> }) {
  const text = useText();
  return (
    <p class="approval-number">
      <span>{text(kind === 'signed' ? 'confirmNumber' : 'approvalNumber')}</span>{' '}
      <output aria-live="polite">{number}</output>
    </p>
  );
}

/** The diagnosis for a help desk, as plain text. */
function Details({ page, help, copy, deviceMs }: PageNoticeProps & { page: PageState }) {
  const text = useText();
  const [openedMs] = useState(deviceMs);
  const lines = diagnosis(page, help, openedMs);
  return (
    <details class="page-details">
      <summary>{text('pageDetails')}</summary>
      <p class="quiet">{text('pageDetailsHint')}</p>
      <pre translate={false}>{lines}</pre>
      <CopyButton code={lines} copy={copy} primary={false} aloud={text('pageDetailsCopied')} />
    </details>
  );
}
