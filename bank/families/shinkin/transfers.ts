import { SHINKIN } from '../../../core/family/shinkin.ts';
import { html } from '../../web/html.ts';
import type { TransferFamily } from '../common/transfer-family.ts';
import { POSITIONAL_PASSWORD } from './second-password.ts';

export const TRANSFERS: TransferFamily = {
  screens: SHINKIN.screens,
  password: POSITIONAL_PASSWORD,
  limitNote: html`<p class="section-action">${SHINKIN.words.changeLimit}</p>`,
  needsOtp: SHINKIN.words.needsOtp,
};
