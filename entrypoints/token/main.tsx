import { render } from 'preact';
import { createShell } from '#shell';
import { createInbox } from '../../components/confirm/inbox.ts';
import { formatExpiry, formatMoment } from '../../components/dates.ts';
import { takeHash } from '../../components/links.ts';
import { withPatience } from '../../components/patience.ts';
import { createPreferenceModel } from '../../components/preference-model.ts';
import { timeout } from '../../components/timeout.ts';
import { TokenApp } from '../../components/token-app.tsx';
import { createTokenModel } from '../../components/token-model.ts';
import { placeIn, saidIn } from '../../components/token-route.ts';
import { keepWords } from '../../components/words.tsx';

const { shell, loadTexts } = createShell();
const model = createTokenModel({ ...shell, watchLock: shell.lock.watch, schedule: timeout });
const hash = takeHash();
const place = placeIn(hash);
const opened = place === 'code' ? withPatience(model.show()) : undefined;
// All that the first drawing needs is made while the browser reads the vault.
const inbox = createInbox(shell.confirmations);
const preferences = createPreferenceModel(shell.preferences);
for (const format of [formatExpiry, formatMoment]) format(shell.text, shell.clock());
document.documentElement.lang = shell.text('languageTag');
const root = document.getElementById('app');
if (root) {
  keepWords(root);
  await opened;
  render(<TokenApp {...{ shell, loadTexts, model, inbox, preferences, place }} said={saidIn(hash)} />, root);
}
