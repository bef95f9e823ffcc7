import { render } from 'preact';
import { createInbox } from '../../components/confirm/inbox.ts';
import { PopupApp } from '../../components/popup-app.tsx';
import { timeout } from '../../components/timeout.ts';
import { createTokenModel } from '../../components/token-model.ts';
import { createPopupShell } from '../../platform/shells/popup.ts';

const shell = createPopupShell();
const model = createTokenModel({ ...shell, schedule: timeout });
// the vault is asked before anything is drawn
void model.show();
document.documentElement.lang = shell.text('languageTag');
document.title = shell.text('extensionName');
const root = document.getElementById('app');
if (root) render(<PopupApp shell={shell} model={model} inbox={createInbox(shell.confirmations)} />, root);
