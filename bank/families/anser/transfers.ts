import { ANSER } from '../../../core/family/anser.ts';
import { html } from '../../web/html.ts';
import type { TransferFamily } from '../common/transfer-family.ts';
import { CONFIRMATION_PASSWORD } from './second-password.ts';

export const TRANSFERS: TransferFamily = {
  screens: ANSER.screens,
  password: CONFIRMATION_PASSWORD,
  limitNote: html`<p class="section-action"><a href="/services/limit">振込・振替限度額の変更</a></p>`,
};
