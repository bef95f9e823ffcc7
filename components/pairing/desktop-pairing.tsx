import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { DesktopPairing as Pairing } from '../../core/shell.ts';
import type { ComparedPairing, OfferedPairing } from '../../core/vault/pairing.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { formatTime } from '../dates.ts';
import { Icon } from '../icon.tsx';
import { Loading } from '../loading.tsx';
import { Notice } from '../notice.tsx';
import { useScreen } from '../screen.ts';
import { useText } from '../text.ts';
import { type DesktopEvent, type DesktopPhase, reduceDesktop, spacedCode } from './pairing-state.ts';
import { Ended, Symbols } from './parts.tsx';
import { QrCode } from './qr-code.tsx';

interface DesktopPairingProps {
  readonly pairing: Pairing;
  readonly onPaired: (token: TokenSummary) => void;
}

/** スマートフォンと連携する: this device offers itself to the phone that has the token. */
export function DesktopPairing({ pairing, onPaired }: DesktopPairingProps) {
  const { services } = pairing;
  const [chosen, choose] = useState(services.length === 1 ? services[0]?.institution : undefined);
  const start: DesktopPhase = chosen === undefined ? { kind: 'choosing' } : { kind: 'offering' };
  const [phase, dispatch] = useReducer(reduceDesktop, start);
  const { begin, agree, leave } = useRun(pairing, dispatch, onPaired);
  const again = () => {
    if (chosen !== undefined) begin(chosen);
  };
  useEffect(() => {
    again();
    return leave;
  }, [chosen]);
  useScreen(`pair ${phase.kind}`);
  const differ = () => {
    leave();
    dispatch({ kind: 'refused', reason: 'refused' });
  };
  return (
    <>
      {phase.kind === 'choosing' && <Services services={services} onChoose={choose} />}
      {phase.kind === 'offering' && <Loading />}
      {phase.kind === 'offered' && <Offer offered={phase.offered} />}
      {phase.kind === 'compared' && <Comparison phase={phase} onSame={agree} onDiffer={differ} />}
      {phase.kind === 'ended' && <Ended reason={phase.reason} onAgain={again} />}
    </>
  );
}

/** Goes through a pairing, one at a time. */
function useRun(
  { pairer }: Pairing,
  dispatch: (event: DesktopEvent) => void,
  onPaired: (token: TokenSummary) => void,
) {
  const run = useRef<{ readonly stop: AbortController; offered?: OfferedPairing }>(undefined);
  const leave = () => {
    run.current?.stop.abort();
    run.current?.offered?.leave();
    run.current = undefined;
  };
  const begin = async (institution: string) => {
    leave();
    const mine: NonNullable<typeof run.current> = { stop: new AbortController() };
    run.current = mine;
    dispatch({ kind: 'begun' });
    const offered = await pairer.offer(institution, mine.stop.signal);
    if (offered.kind === 'offered') mine.offered = offered;
    // Left while the service was asked: nobody waits for it.
    if (run.current !== mine) return mine.offered?.leave();
    dispatch(offered);
    if (offered.kind === 'refused') return;
    const compared = await offered.compared();
    if (run.current !== mine) return;
    dispatch(compared);
    const decided = compared.kind === 'compared' ? await compared.decided() : undefined;
    if (run.current === mine && decided?.kind === 'refused') dispatch(decided);
  };
  const agree = async (compared: ComparedPairing) => {
    const mine = run.current;
    dispatch({ kind: 'agreed' });
    const outcome = await compared.agree();
    if (run.current !== mine) return;
    run.current = undefined;
    if (outcome.kind === 'paired') onPaired(outcome.token);
    else dispatch(outcome);
  };
  return {
    begin: (institution: string) => void begin(institution),
    agree: (compared: ComparedPairing) => void agree(compared),
    leave,
  };
}

interface ServicesProps {
  readonly services: Pairing['services'];
  readonly onChoose: (institution: string) => void;
}

/** Where the institutions have token services of their own. */
function Services({ services, onChoose }: ServicesProps) {
  const text = useText();
  return (
    <>
      <p>{text('pairService')}</p>
      <ul class="list">
        {services.map(({ institution, names }) => (
          <li key={institution} class="list-item">
            <button type="button" class="row" onClick={() => onChoose(institution)}>
              <span class="row-words">
                <span class="row-title">{names.join('、')}</span>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the phone scans or its customer types. */
function Offer({ offered: { code, address, until } }: { offered: OfferedPairing }) {
  const text = useText();
  return (
    <>
      <ol class="points">
        <li>{text('pairOfferOpen')}</li>
        <li>{text('pairOfferScan')}</li>
      </ol>
      <QrCode content={address} label={text('pairQr')} />
      <div class="pair-code">
        <span class="quiet" id="pair-code-name">
          {text('pairCode')}
        </span>
        <output class="serial-digits" aria-labelledby="pair-code-name" aria-live="off">
          {spacedCode(code)}
        </output>
        <span class="quiet">{text('pairUntil', formatTime(text, until))}</span>
      </div>
    </>
  );
}

interface ComparisonProps {
  readonly phase: Extract<DesktopPhase, { kind: 'compared' }>;
  readonly onSame: (compared: ComparedPairing) => void;
  readonly onDiffer: () => void;
}

function Comparison({ phase: { compared, agreed }, onSame, onDiffer }: ComparisonProps) {
  const text = useText();
  return (
    <>
      <p>{text('pairCompareOnDesktop', compared.phone.name, compared.institutionName)}</p>
      <Symbols symbols={compared.symbols} />
      <div class="actions" aria-live="polite">
        {agreed ? (
          <Notice tone="info" role="status">
            <p>{text('pairSayOnPhone')}</p>
          </Notice>
        ) : (
          <button type="button" class="button primary wide" onClick={() => onSame(compared)}>
            {text('pairSame')}
          </button>
        )}
        <button type="button" class="button wide" onClick={onDiffer}>
          {text('pairDiffers')}
        </button>
      </div>
    </>
  );
}
