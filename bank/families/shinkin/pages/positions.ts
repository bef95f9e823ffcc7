import { POSITIONS } from '../../../customer/position-codes.ts';
import { positionField } from '../../../customer/positional-password.ts';
import type { Positions } from '../../../store/positions.ts';
import type { FieldError } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';

/** 資金移動用パスワード: ten places; the two that are asked for take a digit. */
export function positionRows(positions: Positions, errors: readonly FieldError[]): Html {
  const error = errors.find(({ field }) => positions.some((position) => field === positionField(position)));
  const places = Array.from({ length: POSITIONS }, (_, index) => index + 1);
  const described = `${error ? 'positions-error ' : ''}positions-hint`;
  return html`<fieldset class="positions${error ? ' row-error' : ''}"><legend>資金移動用パスワード</legend>
<p class="positions-hint" id="positions-hint">資金移動用パスワードの左から<strong>${positions.join('、')}桁目</strong>の数字を、それぞれ半角で入力してください。</p>
${error ? html`<p class="error" id="positions-error"><span class="visually-hidden">エラー：</span>${error.message}</p>` : nothing}
<ol class="position-places">${places.map((place) =>
    positions.includes(place) ? asked(place, described, error !== undefined) : blank(place),
  )}</ol></fieldset>`;
}

const asked = (place: number, described: string, wrong: boolean): Html => {
  const name = positionField(place);
  return html`<li class="position-asked"><label for="${name}"><span class="visually-hidden">左から</span>${place}<span class="visually-hidden">桁目</span></label><input id="${name}" name="${name}" type="password" inputmode="numeric" autocomplete="off" maxlength="1" aria-required="true" aria-describedby="${described}"${wrong ? html` aria-invalid="true"` : nothing}></li>`;
};

const blank = (place: number): Html =>
  html`<li aria-hidden="true"><span>${place}</span><span class="position-blank"></span></li>`;
