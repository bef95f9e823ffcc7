import type { PageHelp } from '../core/autofill/bank-page.ts';
import type { PopupShell } from '../core/shell.ts';
import { PageNotice } from './page-notice.tsx';
import type { TokenModel } from './token-model.ts';

export { invitesCopy } from './page-notice-words.ts';

interface PopupNoticeProps {
  readonly shell: PopupShell;
  readonly model: TokenModel;
  readonly help: PageHelp;
  /** Whether a token was chosen since the popup was opened. */
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onAdd: () => void;
}

/** What the popup loads if the tab shows a bank's page, or may show one. */
export function PopupNotice({ shell, model, help, chosen, onChoose, onAdd }: PopupNoticeProps) {
  const { page, deviceMs, filling, unkept } = model.state.value;
  return (
    <PageNotice
      {...{ page, deviceMs, filling, unkept, chosen, help }}
      copy={shell.copy}
      on={{
        fill: model.fill,
        choose: onChoose,
        add: onAdd,
        allow: () => void help.access.request().then(model.measureClock, () => undefined),
        reload: () => void help.reload(),
        cancel: () => void shell.bankPage.cancel().then(model.reload),
      }}
    />
  );
}
