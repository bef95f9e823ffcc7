import type { StaffToken, SuspendedBy } from '../../../core/api/staff.ts';
import { familyOf } from '../../../core/family/families.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import { japaneseDate, japaneseMinute } from '../../format.ts';
import type { PaperRow } from '../../store/papers.ts';
import type { ProposalRow } from '../../store/proposals.ts';
import type { StaffActRow } from '../../store/staff.ts';
import { kindName } from '../../token/state.ts';
import { takesPaper } from '../../token/ways.ts';
import { banner, type Fact, facts } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACT_NAMES, ACTS, type ActName } from '../acts.ts';
import type { SignedIn } from '../context.ts';
import type { History } from '../history.ts';
import { limitText } from '../limit.ts';
import { actPath, proposalPath } from '../paths.ts';
import { mayAct, READS_ONLY } from '../roles.ts';
import { type Standing, whyNot } from '../standing.ts';
import { isExpired, statusBefore, statusText } from '../token-status.ts';
import { deviceList } from './devices.ts';
import { historySection } from './history.ts';
import { paperList } from './paper-list.ts';
import { actRow, actTable } from './records.ts';

interface CustomerState {
  readonly standing: Standing;
  readonly acts: readonly StaffActRow[];
  readonly by: SignedIn;
  /** What they handed in. */
  readonly papers: readonly PaperRow[];
  /** What happened last, to their tokens and by staff. */
  readonly history: History;
  /** What waits for a supervisor. */
  readonly proposals: readonly ProposalRow[];
  /** Why something asked for was not done. */
  readonly refusal?: string | undefined;
}

export function customerContent(page: CustomerState): Html {
  const { standing, acts, refusal, by, proposals, papers, history } = page;
  return html`${refusal ? banner('caution', refusal) : nothing}
<div class="columns">
<div>
<section><h2>お客さま</h2>${facts(customerFacts(standing))}</section>
<section><h2>トークン</h2>${facts(tokenFacts(standing))}</section>
</div>
<div>
<section><h2>お手続き</h2>${mayAct(by.clerk) ? actList(standing, proposals) : html`<p class="empty">${READS_ONLY}</p>`}</section>
<section><h2>書類</h2>${paperList(standing, papers, mayAct(by.clerk))}</section>
</div>
</div>
<section><h2>端末</h2>${deviceList(standing.state)}</section>
<section><h2>お手続きの記録</h2>${actTable(acts.map((act) => actRow(act)))}</section>
${historySection(standing.customer, history)}`;
}

/** Facts about the customer, without the name. */
export function customerFacts(standing: Standing): Fact[] {
  const { institution, customer } = standing;
  const { login_id, email, applied_at } = customer;
  const rows: Fact[] = [
    { name: familyOf(institution).words.loginId, value: html`<span class="number">${login_id}</span>` },
    { name: 'メールアドレス', value: email ?? html`<span class="soft">登録がありません</span>` },
    { name: '振込・振替限度額', value: limitText(standing) },
  ];
  if (!takesPaper(institution)) return rows;
  const application =
    applied_at === null
      ? html`<span class="status status-none">未登録</span>`
      : html`<span class="status status-active">登録済</span> <span class="soft">${japaneseMinute(applied_at.getTime())}</span>`;
  return [...rows, { name: '申込書', value: application }];
}

const statusOf = ({ state, at }: Pick<Standing, 'state' | 'at'>): Html =>
  html`<span class="status status-${isExpired(state, at) ? 'expired' : state.kind}">${statusText(state, at)}</span>`;

export function tokenFacts({
  state,
  institution,
  at,
}: Pick<Standing, 'state' | 'institution' | 'at'>): Fact[] {
  const status = { name: '状態', value: statusOf({ state, at }) };
  return 'token' in state ? [status, ...knownFacts(state.token, institution, at)] : [status];
}

const SUSPENDED_BY: Record<SuspendedBy, string> = {
  customer: 'お客さまのお申し出',
  'not-me': 'お客さまの「心当たりがない」',
  staff: '職員',
};

/** Who suspended a token, and when. */
function suspension({ suspendedBy, suspendedAt }: StaffToken): Fact[] {
  if (suspendedBy === undefined || suspendedAt === undefined) return [];
  return [
    { name: '利用停止', value: `${SUSPENDED_BY[suspendedBy]}（${japaneseMinute(Date.parse(suspendedAt))}）` },
  ];
}

function knownFacts(token: StaffToken, institution: Institution, now: number): Fact[] {
  const date = (name: string, at: string | undefined, show = japaneseDate) =>
    at === undefined ? [] : [{ name, value: show(Date.parse(at)) }];
  const { suspendedFrom, serial } = token;
  return [
    ...(suspendedFrom ? [{ name: '停止前の状態', value: statusBefore(token, suspendedFrom, now) }] : []),
    ...suspension(token),
    { name: 'ユーザID', value: html`<span class="number">${token.userId}</span>` },
    ...(serial
      ? [
          { name: 'トークンの種類', value: kindName(token) },
          { name: familyOf(institution).words.serial, value: html`<span class="number">${serial}</span>` },
        ]
      : []),
    ...date('発行日', token.issuedAt),
    ...(token.status === 'issued' ? date('初期設定の期限', token.enrolBy, japaneseMinute) : []),
    ...date('利用開始日', token.activatedAt),
    ...date('利用解除日', token.releasedAt),
    ...date('有効期限', token.expiresAt, japaneseMinute),
  ];
}

/** Every act: a link where it fits, else the reason why it does not. */
function actList(standing: Standing, proposals: readonly ProposalRow[]): Html {
  const offered = ACT_NAMES.filter((act) => act !== 'register' || takesPaper(standing.institution));
  return html`<ul class="act-list">${offered.map((act) =>
    actItem(
      standing,
      act,
      proposals.find((one) => one.act === act),
    ),
  )}</ul>`;
}

function actItem(standing: Standing, act: ActName, open: ProposalRow | undefined): Html {
  const { name, needs } = ACTS[act];
  if (open !== undefined) return html`<li><a href="${proposalPath(open.id)}">${name}（申請中）</a></li>`;
  const reason = whyNot(act, standing);
  if (reason !== undefined) {
    const isToken = act !== 'register' && standing.state.kind !== 'unknown';
    return html`<li class="act-off"><p class="act-name">${name}</p><p class="soft">${isToken ? `${needs}場合に行えます。` : reason}</p></li>`;
  }
  return html`<li><a href="${actPath(standing.customer.id, act)}">${name}</a></li>`;
}
