import { AUDITED_TOKENS_MOST } from '../../../core/api/audit.ts';
import { japaneseClock, japaneseDate, japaneseMinute } from '../../format.ts';
import type { CustomerToken } from '../../store/customer-tokens.ts';
import { banner } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import type { AuditLine } from '../audit-lines.ts';
import { WHO_LABELS } from '../audit-words.ts';
import type { History, TokenHistory } from '../history.ts';
import { proposalPath } from '../paths.ts';

export const PARTIAL =
  'トークンサービスから応答がないため、トークンの記録を表示できていません。表示されているのは職員のお手続きだけです。しばらくしてから、もう一度表示してください。';

const CUT = `これより前にもトークンがあります。表示されているのは、新しい${AUDITED_TOKENS_MOST}件のトークンの記録です。`;

/** Lines under their token and day, newest first. */
export function timeline({ tokens, isCut, isPartial }: History): Html {
  return html`${isPartial ? banner('caution', PARTIAL) : nothing}${
    tokens.length === 0 ? html`<p class="empty">記録はありません。</p>` : nothing
  }${tokens.map(ofToken)}${isCut ? html`<p class="note">${CUT}</p>` : nothing}`;
}

function ofToken({ token, lines }: TokenHistory): Html {
  const days = Map.groupBy(lines, ({ at }) => japaneseDate(at));
  return html`<section class="held"><h3>${token === undefined ? 'そのほかの記録' : heading(token)}</h3>${[
    ...days,
  ].map(
    ([day, ofDay]) =>
      html`<section class="day"><h4>${day}</h4><ol class="timeline">${ofDay.map(item)}</ol></section>`,
  )}</section>`;
}

/** The token, and from when until when the customer had it. */
function heading({ user_id, held_from, held_until }: CustomerToken): Html {
  const moment = (at: Date | null, none: string) => (at === null ? none : japaneseMinute(at.getTime()));
  return html`トークン <span class="number">${user_id}</span> <span class="soft">${moment(held_from, '開始日時の記録なし')}〜${moment(held_until, '現在')}</span>`;
}

function item({ at, who, actor, words, reason, proposal }: AuditLine): Html {
  return html`<li class="moment"><time datetime="${new Date(at).toISOString()}">${japaneseClock(at)}</time><span class="who who-${who}">${WHO_LABELS[who]}${actor ? html` <span class="number">${actor}</span>` : nothing}</span><div class="what">${words}${
    proposal ? html` <a href="${proposalPath(proposal)}">申請番号 ${proposal}</a>` : nothing
  }${reason ? html`<p class="soft">理由：${reason}</p>` : nothing}</div></li>`;
}
