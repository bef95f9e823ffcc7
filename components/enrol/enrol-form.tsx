import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { EnrolInput, Enroller, EnrolOutcome } from '../../core/vault/enroller.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { useUnreachable } from '../access.ts';
import { Notice } from '../notice.tsx';
import { type TextKey, useText } from '../text.ts';
import {
  ENROL_FIELDS,
  type EnrolField,
  type EnrolState,
  emptyEnrolment,
  enrolInput,
  enrolProblems,
  REFUSAL_TEXTS,
  reduceEnrol,
} from './enrol-state.ts';
import { Field } from './field.tsx';
import { Terms } from './terms.tsx';

interface EnrolFormProps {
  readonly enroller: Enroller;
  readonly title: string;
  readonly onEnrolled: (token: TokenSummary) => void;
}

/** 初期設定 and トークン追加: the three values of the issue, the terms, 送信. */
export function EnrolForm({ enroller, title, onEnrolled }: EnrolFormProps) {
  const text = useText();
  const [state, dispatch] = useReducer(reduceEnrol, emptyEnrolment);
  const sent = useRef<AbortController>(undefined);
  const sending = state.phase.kind === 'sending';
  useEffect(() => () => sent.current?.abort(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!state.agreed || sent.current) return;
    dispatch({ kind: 'submitted' });
    const [wrong] = Object.keys(enrolProblems(state.values));
    if (wrong) return document.getElementById(wrong)?.focus();
    const controller = new AbortController();
    sent.current = controller;
    void send(enroller, state.values, controller.signal).then((outcome) => {
      sent.current = undefined;
      if (outcome.kind === 'enrolled') onEnrolled(outcome.token);
      else dispatch(outcome);
    });
  };
  return (
    <form class="card" noValidate onSubmit={submit} aria-busy={sending}>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text('enrolLead')}</p>
      {ENROL_FIELDS.map((field) => (
        <EnrolInputField
          key={field}
          field={field}
          state={state}
          onValue={(value) => dispatch({ kind: 'typed', field, value })}
          onLeave={() => dispatch({ kind: 'left', field })}
        />
      ))}
      <div>
        <Terms agreed={state.agreed} onAgree={(agreed) => dispatch({ kind: 'agreed', agreed })} />
        <Outcome state={state} />
      </div>
      <Actions agreed={state.agreed} sending={sending} onAbort={() => sent.current?.abort()} />
    </form>
  );
}

interface ActionsProps {
  readonly agreed: boolean;
  readonly sending: boolean;
  readonly onAbort: () => void;
}

function Actions({ agreed, sending, onAbort }: ActionsProps) {
  const text = useText();
  const submit = useRef<HTMLButtonElement>(null);
  const abort = () => {
    // 中止 goes as the sending ends, and the focus would go with it.
    submit.current?.focus();
    onAbort();
  };
  return (
    <div class="actions">
      <button
        ref={submit}
        type="submit"
        class="button primary wide"
        disabled={!agreed}
        aria-disabled={sending}
        aria-describedby={agreed ? undefined : 'agree-first'}
      >
        {text(sending ? 'sending' : 'send')}
      </button>
      {!agreed && (
        <p class="hint" id="agree-first">
          {text('agreeFirst')}
        </p>
      )}
      {sending && (
        <button type="button" class="button wide" onClick={abort}>
          {text('cancel')}
        </button>
      )}
    </div>
  );
}

type Sent = EnrolOutcome | { readonly kind: 'aborted' };

/** Sends once. An answer that arrives after a cancellation counts, as the token exists. */
async function send(enroller: Enroller, values: EnrolInput, signal: AbortSignal): Promise<Sent> {
  try {
    const outcome = await enroller.enrol(enrolInput(values), signal);
    return outcome.kind === 'refused' && signal.aborted ? { kind: 'aborted' } : outcome;
  } catch {
    return signal.aborted ? { kind: 'aborted' } : { kind: 'refused', reason: 'storage' };
  }
}

interface FieldTexts {
  readonly label: TextKey;
  readonly hint: TextKey;
}

const FIELD_TEXTS: Record<EnrolField, FieldTexts> = {
  serviceId: { label: 'serviceId', hint: 'serviceIdHint' },
  userId: { label: 'userId', hint: 'userIdHint' },
  activationPassword: { label: 'activationPassword', hint: 'activationPasswordHint' },
};

interface EnrolInputFieldProps {
  readonly field: EnrolField;
  readonly state: EnrolState;
  readonly onValue: (value: string) => void;
  readonly onLeave: () => void;
}

function EnrolInputField({ field, state, onValue, onLeave }: EnrolInputFieldProps) {
  const text = useText();
  const [revealed, setRevealed] = useState(false);
  const secret = field === 'activationPassword';
  const problem = state.problems[field];
  return (
    <Field
      id={field}
      label={text(FIELD_TEXTS[field].label)}
      hint={text(FIELD_TEXTS[field].hint)}
      problem={problem && text(problem)}
      value={state.values[field]}
      onValue={onValue}
      onLeave={onLeave}
      numeric
      required
      secret={secret}
      revealed={revealed}
      readOnly={state.phase.kind === 'sending'}
    >
      {secret && (
        <button
          type="button"
          class="button small"
          aria-controls={field}
          onClick={() => setRevealed(!revealed)}
        >
          {text(revealed ? 'conceal' : 'reveal')}
        </button>
      )}
    </Field>
  );
}

/** The state of the sending, read out when it changes. */
function Outcome({ state: { phase } }: { state: EnrolState }) {
  const text = useText();
  const unreachable = useUnreachable();
  const refusal = phase.kind === 'refused' && REFUSAL_TEXTS[phase.reason];
  return (
    <div class="outcome" aria-live="polite">
      {phase.kind === 'sending' && <p class="visually-hidden">{text('sendingAloud')}</p>}
      {phase.kind === 'aborted' && (
        <Notice tone="info">
          <p>{text('sendingAborted')}</p>
        </Notice>
      )}
      {refusal && (
        <Notice tone="danger">
          <p>{text(refusal === 'enrolUnreachable' ? unreachable(refusal) : refusal)}</p>
        </Notice>
      )}
    </div>
  );
}
