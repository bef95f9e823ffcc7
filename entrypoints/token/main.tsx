import { render } from 'preact';
import { createShell } from '#shell';
import { createInbox } from '../../components/confirm/inbox.ts';
import { withPatience } from '../../components/patience.ts';
import { timeout } from '../../components/timeout.ts';
import { TokenApp } from '../../components/token-app.tsx';
import { createTokenModel } from '../../components/token-model.ts';
import { placeIn, saidIn } from '../../components/token-route.ts';
import { keepWords } from '../../components/words.tsx';

const { shell, loadTexts } = createShell();
const model = createTokenModel({ ...shell, schedule: timeout });
const { hash } = location;
const place = placeIn(hash);
if (place === 'code') await withPatience(model.show());
document.documentElement.lang = shell.text('languageTag');
const root = document.getElementById('app');
const inbox = createInbox(shell.confirmations);
if (root) {
  keepWords(root);
  render(<TokenApp {...{ shell, model, inbox, place, loadTexts }} said={saidIn(hash)} />, root);
}
