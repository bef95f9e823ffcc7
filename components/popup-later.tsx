import type { HostAccess } from '../core/autofill/bank-page.ts';
import type { PopupShell } from '../core/shell.ts';
import { lacksService } from './access.ts';
import { AccessNotice } from './access-notice.tsx';
import { Chooser } from './chooser.tsx';
import { createConfirmModel } from './confirm/confirm-model.ts';
import { ConfirmScreens } from './confirm/confirm-screens.tsx';
import type { Inbox } from './confirm/inbox.ts';
import { Elsewhere } from './elsewhere/elsewhere.tsx';
import { createElsewhereModel } from './elsewhere/elsewhere-model.ts';
import { timeout } from './timeout.ts';
import type { TokenModel } from './token-model.ts';

/** The screen of the popup. */
export type PopupPlace = 'code' | 'choose' | 'confirm';

/** The state of what is loaded later. */
export type LaterModels = ReturnType<typeof createLaterModels>;

export const createLaterModels = (shell: PopupShell, inbox: Inbox) => ({
  confirmation: createConfirmModel({ ...shell, schedule: timeout }, inbox),
  elsewhere: createElsewhereModel({ ...shell, schedule: timeout }, inbox),
});

interface PopupLaterProps {
  readonly shell: PopupShell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
  readonly models: LaterModels;
  readonly place: PopupPlace;
  /** The browser's help with a missing permission; undefined until it is loaded. */
  readonly access: HostAccess | undefined;
  readonly onChosen: (id: string) => Promise<void>;
  readonly onDone: () => void;
}

/** What the popup loads when it is first needed: one script, because each script costs time. */
export function PopupLater(props: PopupLaterProps) {
  const { shell, model, inbox, models, place, access, onChosen, onDone } = props;
  const { tokens, page } = model.state.value;
  return (
    <>
      {place !== 'choose' && (
        <Elsewhere model={models.elsewhere} tokens={tokens} institution={shell.institution} />
      )}
      {place !== 'code' && access && lacksService(page) && (
        <AccessNotice access={access} onAllowed={model.reload} />
      )}
      {place === 'choose' && <Chooser model={model} onChoose={onChosen} />}
      {place === 'confirm' && (
        <ConfirmScreens
          shell={shell}
          model={models.confirmation}
          inbox={inbox}
          tokens={tokens}
          onDone={onDone}
        />
      )}
    </>
  );
}
