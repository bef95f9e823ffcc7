import type { ComponentChildren } from 'preact';
import type { InstitutionFace } from '../core/institution/guide.ts';
import { displayName, startedAt } from '../core/vault/token.ts';
import { CodeDigits } from './code-digits.tsx';
import { CopyButton } from './copy-button.tsx';
import { formatDate, formatExpiry } from './dates.ts';
import { useLater } from './later.ts';
import { useText } from './text.ts';
import type { CodeView } from './token-state.ts';

interface CodeCardProps {
  readonly view: CodeView;
  readonly face: InstitutionFace | undefined;
  /** False if another button on the screen is the primary one. */
  readonly copyIsPrimary: boolean;
  readonly copy: (text: string) => Promise<void>;
  readonly onRetry: () => void;
  /** In place of the digits. */
  readonly instead?: ComponentChildren;
  /** Between the digits and コピー. */
  readonly below?: ComponentChildren;
  readonly onCopied?: () => void;
  /** Between the code and the token's details. */
  readonly children?: ComponentChildren;
}

/** One token: its name, its code with the seconds left, and its details. */
export function CodeCard({ children, ...props }: CodeCardProps) {
  const { view, face } = props;
  return (
    <section class="card token" ref={(card) => card?.style.setProperty('--accent', face?.accent ?? '')}>
      <h1 class="token-name" tabIndex={-1}>
        {displayName(view.token)}
      </h1>
      <CodeArea {...props} />
      {children}
      <TokenDetails view={view} />
    </section>
  );
}

type CodeAreaProps = Omit<CodeCardProps, 'children'>;

function CodeArea({ view, face, copyIsPrimary, copy, onRetry, instead, below, onCopied }: CodeAreaProps) {
  const text = useText();
  const { part: trouble, want } = useLater(() => import('./code-trouble.tsx'));
  const ending = face !== undefined && view.daysLeft <= face.warnDays;
  const { registration } = view;
  const { kind, serial, decider } = view.token;
  const { expired, over, stopped, unreadable } = view;
  const hasNone = expired || over || registration === 'lapsed' || stopped || unreadable || decider;
  if (hasNone || ending || registration) void want();
  if (hasNone) return trouble ? <trouble.InsteadOfCode {...{ view, face, ending, onRetry }} /> : null;
  return (
    <>
      {kind === 'serial' && <SerialNumber serial={serial} copy={copy} />}
      <div class="code-row">
        {instead ?? <CodeDigits name={text('otp')} code={view.code} digits={view.token.parameters.digits} />}
        <Ring seconds={view.seconds} period={view.token.parameters.period} />
      </div>
      {below}
      <CopyButton
        code={view.code}
        copy={copy}
        primary={copyIsPrimary}
        aloud={text('copiedSecondsLeft', String(view.seconds))}
        onCopied={onCopied}
      />
      {trouble && <trouble.BelowCode {...{ view, face, ending }} />}
    </>
  );
}

/** シリアル番号, which the bank asks for together with the code. */
function SerialNumber({ serial, copy }: { serial: string } & Pick<CodeCardProps, 'copy'>) {
  const text = useText();
  return (
    <div class="serial-number">
      <span class="quiet" id="serial-name">
        {text('serialNumber')}
      </span>
      <output class="serial-digits" aria-labelledby="serial-name" aria-live="off">
        {serial}
      </output>
      <CopyButton
        code={serial}
        copy={copy}
        primary={false}
        label={'copySerial'}
        aloud={text('serialCopiedAloud')}
      />
    </div>
  );
}

const RADIUS = 24;
const ROUND = 2 * Math.PI * RADIUS;

/** The seconds left, inside a ring that empties. Screen readers do not read out a running timer (ARIA 1.2, role timer). */
function Ring({ seconds, period }: { seconds: number; period: number }) {
  const text = useText();
  const gone = ROUND * (1 - seconds / period);
  return (
    <div class="ring" role="timer" aria-live="off" aria-label={text('secondsLeft', String(seconds))}>
      <svg viewBox="0 0 56 56" aria-hidden="true">
        <circle class="ring-track" cx="28" cy="28" r={RADIUS} />
        <circle
          class="ring-left"
          cx="28"
          cy="28"
          r={RADIUS}
          stroke-dasharray={ROUND}
          stroke-dashoffset={gone}
        />
      </svg>
      <span class="ring-number" aria-hidden="true">
        {seconds}
      </span>
    </div>
  );
}

function TokenDetails({ view: { token, expired } }: { view: CodeView }) {
  const text = useText();
  const started = startedAt(token);
  return (
    <dl class="details">
      {token.kind !== 'serial' && (
        <div>
          <dt>{text('serial')}</dt>
          <dd>{token.serial}</dd>
        </div>
      )}
      {started !== undefined && (
        <div>
          <dt>{text('enrolledOn')}</dt>
          <dd>{formatDate(text, started)}</dd>
        </div>
      )}
      <div data-alarm={expired}>
        <dt>{text('expiresOn')}</dt>
        <dd>{formatExpiry(text, token.expiresAt)}</dd>
      </div>
    </dl>
  );
}
