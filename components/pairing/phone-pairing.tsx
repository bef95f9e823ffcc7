import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { readPairingFragment } from '../../core/pairing/link.ts';
import type { PhonePairing as Pairing } from '../../core/shell.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { Field } from '../enrol/field.tsx';
import { Loading } from '../loading.tsx';
import { Notice } from '../notice.tsx';
import { useScreen } from '../screen.ts';
import { useText } from '../text.ts';
import { END_TEXTS, type PhonePhase, reducePhone, typedCode } from './pairing-state.ts';
import { Ended, Symbols } from './parts.tsx';
import { Scanner } from './scanner.tsx';

interface PhonePairingProps {
  readonly pairing: Pairing;
  /** One at least. */
  readonly tokens: readonly TokenSummary[];
  readonly selected: TokenSummary | undefined;
  /** What the page's address says of a pairing, where the QR code was scanned by something else. */
  readonly scanned: string | undefined;
  readonly onDone: () => void;
}

/** パソコンと連携する: this phone takes the code that the desktop shows, and compares the symbols. */
export function PhonePairing({
  pairing: { pairer, loadReader },
  tokens,
  selected,
  scanned,
  onDone,
}: PhonePairingProps) {
  const text = useText();
  const [phase, dispatch] = useReducer(reducePhone, { kind: 'typing' });
  const [tokenId, setTokenId] = useState((selected ?? tokens[0])?.id);
  const chosen = tokens.find(({ id }) => id === tokenId);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  useScreen(`pair ${phase.kind}`);
  const take = async (code: string, hash?: string) => {
    if (chosen === undefined) return;
    const mine = new AbortController();
    stop.current = mine;
    dispatch({ kind: 'taking' });
    const taken = await pairer.take(chosen, { code, hash }, mine.signal);
    if (!mine.signal.aborted) dispatch(taken);
  };
  const decide = async (same: boolean) => {
    if (phase.kind !== 'compared' || phase.sending) return;
    dispatch({ kind: 'deciding' });
    dispatch(await phase.taken.decide(same));
  };
  const see = (content: string) => {
    const link = URL.canParse(content) ? readPairingFragment(new URL(content).hash) : undefined;
    if (link) void take(link.code, link.hash);
  };
  const link = scanned === undefined ? undefined : readPairingFragment(`#pair=${scanned}`);
  const entering = phase.kind === 'typing' || phase.kind === 'scanning';
  return (
    <>
      {entering && tokens.length > 1 && <TokenField tokens={tokens} chosen={tokenId} onChoose={setTokenId} />}
      {phase.kind === 'typing' && (
        <Entry
          problem={phase.problem && text(phase.problem)}
          linked={link?.code}
          onCode={(code) => void take(code, code === link?.code ? link.hash : undefined)}
          onWrong={() => dispatch({ kind: 'type', problem: 'pairTyped' })}
          onScan={() => dispatch({ kind: 'scan' })}
        />
      )}
      {phase.kind === 'scanning' && (
        <>
          <p>{text('pairScanLead')}</p>
          <Scanner
            loadReader={loadReader}
            onSeen={see}
            onFailed={() => dispatch({ kind: 'type', problem: 'pairNoCamera' })}
          />
          <button type="button" class="button wide" onClick={() => dispatch({ kind: 'type' })}>
            {text('pairType')}
          </button>
        </>
      )}
      {phase.kind === 'taking' && <Loading />}
      {phase.kind === 'compared' && (
        <>
          {tokens.length > 1 && chosen && (
            <dl class="transaction">
              <div class="name">
                <dt>{text('pairWhich')}</dt>
                <dd>{displayName(chosen)}</dd>
              </div>
            </dl>
          )}
          <Comparison phase={phase} onSaid={(same) => void decide(same)} />
        </>
      )}
      {phase.kind === 'paired' && (
        <>
          <Notice tone="done" title={text('pairedTitle', phase.desktop)} role="status">
            <p>{text('pairedOnPhone')}</p>
          </Notice>
          <button type="button" class="button primary wide" onClick={onDone}>
            {text('ok')}
          </button>
        </>
      )}
      {phase.kind === 'ended' && <Ended reason={phase.reason} onAgain={() => dispatch({ kind: 'type' })} />}
    </>
  );
}

interface TokenFieldProps {
  readonly tokens: readonly TokenSummary[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Whose codes the desktop is to fill. */
function TokenField({ tokens, chosen, onChoose }: TokenFieldProps) {
  const text = useText();
  return (
    <div class="field">
      <label for="pair-token">{text('pairWhich')}</label>
      <select id="pair-token" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {tokens.map((token) => (
          <option key={token.id} value={token.id}>
            {displayName(token)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface EntryProps {
  readonly problem: string | undefined;
  /** The code of the address, to begin with. */
  readonly linked: string | undefined;
  readonly onCode: (code: string) => void;
  readonly onWrong: () => void;
  readonly onScan: () => void;
}

function Entry({ problem, linked, onCode, onWrong, onScan }: EntryProps) {
  const text = useText();
  const [typed, setTyped] = useState(linked ?? '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = typedCode(typed);
    if (code !== undefined) return onCode(code);
    onWrong();
    document.getElementById('pair-code')?.focus();
  };
  return (
    <form class="pair-entry" noValidate onSubmit={submit}>
      <p>{text('pairEntryLead')}</p>
      {'mediaDevices' in navigator && (
        <button type="button" class="button wide" onClick={onScan}>
          {text('pairScan')}
        </button>
      )}
      <Field
        id="pair-code"
        label={text('pairCode')}
        hint={text('pairCodeHint')}
        problem={problem}
        value={typed}
        onValue={setTyped}
        numeric
        required
      />
      <button type="submit" class="button primary wide">
        {text('next')}
      </button>
    </form>
  );
}

interface ComparisonProps {
  readonly phase: Extract<PhonePhase, { kind: 'compared' }>;
  readonly onSaid: (same: boolean) => void;
}

function Comparison({ phase: { taken, sending, problem }, onSaid }: ComparisonProps) {
  const text = useText();
  return (
    <>
      <p>{text('pairCompareOnPhone', taken.desktop.name)}</p>
      <Symbols symbols={taken.symbols} />
      <Notice tone="warn">
        <p>{text('pairOnlyYours')}</p>
      </Notice>
      <div class="outcome" aria-live="polite">
        {problem && (
          <Notice tone="danger">
            <p>{text(END_TEXTS[problem].body)}</p>
          </Notice>
        )}
      </div>
      <div class="actions">
        <button
          type="button"
          class="button primary wide"
          aria-disabled={sending}
          onClick={() => onSaid(true)}
        >
          {text(sending ? 'sending' : 'pairSame')}
        </button>
        <button type="button" class="button wide" aria-disabled={sending} onClick={() => onSaid(false)}>
          {text('pairDiffers')}
        </button>
      </div>
    </>
  );
}
