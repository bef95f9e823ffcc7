import { japaneseClock, japaneseDate } from '../../format.ts';
import { banner } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import type { AuditLine, LinePage } from '../audit-lines.ts';
import { WHO_LABELS } from '../audit-words.ts';
import { proposalPath } from '../paths.ts';

export const PARTIAL =
  'トークンサービスから応答がないため、トークンの記録を表示できていません。表示されているのは職員のお手続きだけです。しばらくしてから、もう一度表示してください。';

/** Lines by days, newest first. */
export function timeline({ lines, isPartial }: LinePage): Html {
  const days = Map.groupBy(lines, ({ at }) => japaneseDate(at));
  return html`${isPartial ? banner('caution', PARTIAL) : nothing}${
    days.size === 0 ? html`<p class="empty">記録はありません。</p>` : nothing
  }${[...days].map(
    ([day, ofDay]) =>
      html`<section class="day"><h3>${day}</h3><ol class="timeline">${ofDay.map(item)}</ol></section>`,
  )}`;
}

function item({ at, who, actor, words, reason, proposal }: AuditLine): Html {
  return html`<li class="moment"><time datetime="${new Date(at).toISOString()}">${japaneseClock(at)}</time><span class="who who-${who}">${WHO_LABELS[who]}${actor ? html` <span class="number">${actor}</span>` : nothing}</span><div class="what">${words}${
    proposal ? html` <a href="${proposalPath(proposal)}">申請番号 ${proposal}</a>` : nothing
  }${reason ? html`<p class="soft">理由：${reason}</p>` : nothing}</div></li>`;
}
