import type { TokenDevice } from '../../../core/api/bank.ts';
import { japaneseMinute } from '../../format.ts';
import { pairedWords } from '../../mail/texts.ts';
import { type Html, html } from '../../web/html.ts';
import type { StaffTokenState } from '../token-status.ts';
import { table } from './table.ts';

const MAY: Readonly<Record<TokenDevice['may'], string>> = {
  all: 'コードの表示・承認・入力',
  fill: '入力のみ（連携したパソコン）',
};

/** A paired device among others: what it says it is, and since when. */
export const pairedText = (device: TokenDevice): string =>
  `${pairedWords(device)}（${japaneseMinute(Date.parse(device.addedAt))} 連携）`;

/** The devices of a token. */
export function deviceList(state: StaffTokenState): Html {
  const devices = 'token' in state ? (state.token.devices ?? []) : [];
  if (devices.length === 0) return html`<p class="empty">端末はありません。</p>`;
  return table({
    label: '端末',
    columns: ['端末', 'できること', '追加した日時', '最後の利用'],
    rows: devices.map(
      (device) => html`<tr>
<td>${pairedWords(device)}</td>
<td>${MAY[device.may]}</td>
<td>${japaneseMinute(Date.parse(device.addedAt))}</td>
<td>${device.lastSeenAt ? `${japaneseMinute(Date.parse(device.lastSeenAt))}ごろ` : html`<span class="soft">記録がありません</span>`}</td>
</tr>`,
    ),
  });
}
