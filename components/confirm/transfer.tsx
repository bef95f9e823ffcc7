import type { TransferDetails } from '../../core/transaction/details.ts';
import { formatMinute } from '../dates.ts';
import { useText } from '../text.ts';
import { ACCOUNT_TEXTS, formatYen } from './confirm-words.ts';

/** The four items, the amount first. Names are Japanese, whatever the language around them. */
export function TransferItems({ details }: { details: TransferDetails }) {
  const text = useText();
  const { bank, branch, accountType, accountNumber } = details;
  return (
    <dl class="transfer">
      <Amount details={details} />
      <Payee details={details} />
      <div>
        <dt>{text('destination')}</dt>
        <dd class="destination">
          <span lang="ja">
            {bank.name} ({bank.code})
          </span>
          <span lang="ja">
            {branch.name} ({branch.code})
          </span>
          <span>
            {text(ACCOUNT_TEXTS[accountType])} {accountNumber}
          </span>
        </dd>
      </div>
      <div class="requested">
        <dt>{text('requestedAt')}</dt>
        <dd>{formatMinute(text, Date.parse(details.requestedAt))}</dd>
      </div>
    </dl>
  );
}

/** Amount and payee alone, to know a transfer by. */
export function TransferBrief({ details }: { details: TransferDetails }) {
  return (
    <dl class="transfer">
      <Amount details={details} />
      <Payee details={details} />
    </dl>
  );
}

function Amount({ details }: { details: TransferDetails }) {
  const text = useText();
  const yen = formatYen(details.amount);
  return (
    <div class="amount">
      <dt>{text('amount')}</dt>
      <dd style={{ '--characters': yen.length }}>{yen}</dd>
    </div>
  );
}

function Payee({ details }: { details: TransferDetails }) {
  const text = useText();
  return (
    <div class="payee">
      <dt>{text('payee')}</dt>
      <dd lang="ja">
        <bdi>{details.payee}</bdi>
      </dd>
    </div>
  );
}

/** 確認番号: tells requests apart that look alike. */
export function RequestNumber({ details }: { details: TransferDetails }) {
  const text = useText();
  return (
    <p class="request-number">
      <span>{text('confirmNumber')}</span> <strong>{details.number}</strong>
    </p>
  );
}
