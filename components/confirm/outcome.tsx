import { useState } from 'preact/hooks';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import { CONFIRMATION_DIGITS } from '../../core/transaction/code.ts';
import { useUnreachable } from '../access.ts';
import { CodeDigits } from '../code-digits.tsx';
import { Contact } from '../contact.tsx';
import { CopyButton } from '../copy-button.tsx';
import { useCovered } from '../covered.ts';
import { Mark } from '../mark.tsx';
import { Notice } from '../notice.tsx';
import { usePart } from '../part.ts';
import { useText } from '../text.ts';
import { isPast, leftMs, type MadeCode } from './confirm-state.ts';
import { doneTexts, untilWords } from './confirm-words.ts';
import { Differs, Head, type ShownProps } from './question.tsx';
import { TransactionBrief } from './transaction.tsx';

interface DecidedProps extends ShownProps {
  readonly decision: DecisionKind;
  readonly onOk: () => void;
}

/** The decision has reached the service. For a confirmation, the halves of the 割符 join. */
export function Decided({ shown, decision, name, face, onOk }: DecidedProps) {
  const text = useText();
  const { title, body } = doneTexts(shown.confirmation.details, decision);
  return (
    <section class="card confirm">
      {decision === 'confirmed' && (
        <div class="joining seal">
          <Mark size={72} joined />
        </div>
      )}
      <Head shown={shown} title={text(title)} name={name} />
      <p class="lead">{text(body)}</p>
      <TransactionBrief details={shown.confirmation.details} />
      {decision !== 'confirmed' && <Contact face={face} name={name ?? ''} />}
      <button type="button" class="button primary wide" onClick={onOk}>
        {text('ok')}
      </button>
    </section>
  );
}

interface CodeProps extends ShownProps {
  readonly code: MadeCode;
  readonly useBy: number | undefined;
  readonly copy: (text: string) => Promise<void>;
}

/** 取引認証コード, framed and beside its transaction, so that nobody mistakes it for a login code. */
export function ConfirmCode(props: CodeProps) {
  const { shown, name } = props;
  const text = useText();
  return (
    <section class="card confirm">
      <Head shown={shown} title={text('confirmCode')} name={name} />
      <CodeBody {...props} />
      <TransactionBrief details={shown.confirmation.details} />
    </section>
  );
}

function CodeBody({ model, state, shown, code, useBy, copy, name, face }: CodeProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const covered = useCovered();
  const [tries, setTries] = useState(1);
  usePart(String(tries), 'main h1');
  const retry = () => {
    setTries(tries + 1);
    model.retry();
  };
  if (shown.differs.length > 0) {
    return (
      <Differs shown={shown} face={face} name={name}>
        {text('confirmDiffersCode')}
      </Differs>
    );
  }
  if (code.kind === 'none' || isPast(state, shown, useBy)) {
    return (
      <Notice tone="warn" title={text('confirmCodeNone')} role="status">
        <p>{text('confirmCodeNoneBody')}</p>
      </Notice>
    );
  }
  if (code.kind === 'unreachable') {
    return (
      <Notice tone="warn" title={text('confirmCodeFailed')} role="status">
        <p>{text(unreachable('confirmCodeFailedBody'))}</p>
        <button type="button" class="button" onClick={retry}>
          {text('retry')}
        </button>
      </Notice>
    );
  }
  const made = code.kind === 'made' && !covered ? code.code : undefined;
  const left = leftMs(state, shown.confirmation, useBy);
  return (
    <>
      <p>{text('confirmCodeLead')}</p>
      <div class="transfer-code">
        <CodeDigits name={text('confirmCode')} code={made} digits={CONFIRMATION_DIGITS} />
        {useBy !== undefined && left !== undefined && (
          <p class="quiet">{untilWords(text, 'confirmCodeUntil', useBy, left)}</p>
        )}
      </div>
      <CopyButton code={made} copy={copy} primary aloud={text('confirmCodeCopied')} />
    </>
  );
}
