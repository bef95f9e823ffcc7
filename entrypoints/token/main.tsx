// First: it settles how schemas are made.
import '../../platform/no-eval.ts';

import { render } from 'preact';
import { createShell } from '#shell';
import { timeout } from '../../components/timeout.ts';
import { TokenApp } from '../../components/token-app.tsx';
import { createTokenModel } from '../../components/token-model.ts';
import { placeIn } from '../../components/token-route.ts';

const shell = await createShell();
const model = createTokenModel({ ...shell, schedule: timeout });
document.documentElement.lang = shell.text('languageTag');
const root = document.getElementById('app');
if (root) render(<TokenApp shell={shell} model={model} place={placeIn(location.hash)} />, root);
