import { type Html, html, nothing } from './html.ts';

/** What is wrong with a field and what to do; an empty `field` means the whole form. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface Field {
  readonly name: string;
  /** The exact accessible name. */
  readonly label: string;
  /** What may be typed, such as (半角数字). */
  readonly hint: string;
  readonly type: 'text' | 'password' | 'email';
  readonly autocomplete: string;
  readonly inputmode?: 'numeric' | 'email' | 'text';
  readonly maxlength: number;
  readonly value?: string;
  readonly note?: string;
  /** Offers the software keyboard, opened on this tab. */
  readonly keyboard?: 'digits' | 'lower';
  readonly wide?: boolean;
  /** The field may stay empty. */
  readonly optional?: boolean;
  /** Takes the focus when the page is opened, unless something is wrong. */
  readonly focus?: boolean;
  /** Shown below the field, for example the results of a search. */
  readonly after?: Html;
}

export function fieldRow(field: Field, errors: readonly FieldError[]): Html {
  const { name, hint, note, keyboard } = field;
  const error = errors.find((candidate) => candidate.field === name);
  const described = [error && `${name}-error`, `${name}-hint`, note && `${name}-note`]
    .filter(Boolean)
    .join(' ');
  return html`<div class="row${error ? ' row-error' : ''}">
<div class="row-label">${field.optional ? nothing : html`<span class="required" aria-hidden="true">【必須】</span>`}<label for="${name}" id="${name}-label">${field.label}</label> <span class="hint" id="${name}-hint">${hint}</span></div>
<div class="row-input">
${error ? html`<p class="error" id="${name}-error"><span class="visually-hidden">エラー：</span>${error.message}</p>` : nothing}
<input id="${name}" name="${name}" type="${field.type}" class="${field.wide ? 'wide' : 'narrow'}" autocomplete="${field.autocomplete}" maxlength="${field.maxlength}" spellcheck="false" autocapitalize="off" aria-required="${field.optional ? 'false' : 'true'}" aria-describedby="${described}"${
    field.inputmode ? html` inputmode="${field.inputmode}"` : nothing
  }${error ? html` aria-invalid="true"` : nothing}${field.focus && errors.length === 0 ? html` autofocus` : nothing}${field.value === undefined ? nothing : html` value="${field.value}"`}>
${note ? html`<p class="note" id="${name}-note">${note}</p>` : nothing}${field.after ?? nothing}
${
  keyboard
    ? html`<button type="button" class="keyboard-toggle" data-keyboard-for="${name}" data-keyboard-tab="${keyboard}" aria-describedby="${name}-label" hidden>ソフトウェアキーボードを使用して入力する</button>`
    : nothing
}
</div>
</div>`;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A row with one choice of several. */
export function choiceRow(
  {
    name,
    label,
    choices,
    chosen,
  }: {
    readonly name: string;
    readonly label: string;
    readonly choices: readonly Choice[];
    readonly chosen: string;
  },
  errors: readonly FieldError[],
): Html {
  const error = errors.find((candidate) => candidate.field === name);
  return html`<div class="row${error ? ' row-error' : ''}">
<div class="row-label"><span class="required" aria-hidden="true">【必須】</span><label for="${name}">${label}</label></div>
<div class="row-input">
${error ? html`<p class="error" id="${name}-error"><span class="visually-hidden">エラー：</span>${error.message}</p>` : nothing}
<select id="${name}" name="${name}" aria-required="true"${error ? html` aria-invalid="true" aria-describedby="${name}-error"` : nothing}>${choices.map(
    ({ value, label: text }) =>
      html`<option value="${value}"${value === chosen ? html` selected` : nothing}>${text}</option>`,
  )}</select>
</div>
</div>`;
}

/** Radio buttons; the first takes the focus if `focus` is set. */
export function radios(
  name: string,
  legend: string,
  choices: readonly Choice[],
  { chosen, focus = false }: { readonly chosen: string; readonly focus?: boolean },
): Html {
  return html`<fieldset class="radios"><legend>${legend}</legend>${choices.map(
    ({ value, label }, index) =>
      html`<label class="radio"><input type="radio" id="${name}-${value}" name="${name}" value="${value}"${
        value === chosen ? html` checked` : nothing
      }${focus && index === 0 ? html` autofocus` : nothing}><span>${label}</span></label>`,
  )}</fieldset>`;
}

/** The list of errors above the form; it takes the focus. */
export function errorSummary(errors: readonly FieldError[]): Html {
  if (errors.length === 0) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
<h2>入力内容をご確認ください</h2>
<ul>${errors.map(({ field, message }) =>
    field === '' ? html`<li>${message}</li>` : html`<li><a href="#${field}">${message}</a></li>`,
  )}</ul>
</div>`;
}

/** A notice above the form; `caution` if something could not be done. */
export function banner(kind: 'info' | 'caution', content: string | Html): Html {
  const role = kind === 'caution' ? html` role="alert"` : nothing;
  return html`<div class="banner banner-${kind}"${role}><p>${content}</p></div>`;
}

/** Rows under a heading. */
export function section(heading: string, content: Html, lead?: string): Html {
  return html`<section class="section"><h2>${heading}</h2>${lead ? html`<p class="lead">${lead}</p>` : nothing}${content}</section>`;
}

/** A row of text. */
export interface Fact {
  readonly name: string;
  readonly value: string | Html;
}

/** Rows to read: name and value. */
export function facts(rows: readonly Fact[]): Html {
  return html`<dl class="facts">${rows.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export interface Buttons {
  readonly primary: string;
  /** Leaves without doing it. Sends a form of its own, so that Enter in a field never triggers it. */
  readonly cancel?: { readonly label: string; readonly action: string };
  /** Goes one step back. */
  readonly back?: { readonly label: string; readonly path: string };
}

export interface FormOptions {
  readonly action: string;
  readonly formToken: string;
  readonly submission?: string;
  readonly content: Html;
  readonly buttons: Buttons;
}

/** A form with its row of buttons: cancel, go on, and below them back, as in the guides. */
export function form({ action, formToken, submission, content, buttons }: FormOptions): Html {
  const { primary, cancel, back } = buttons;
  return html`<form method="post" action="${action}" novalidate autocomplete="off">
<input type="hidden" name="form_token" value="${formToken}">
${submission ? html`<input type="hidden" name="submission" value="${submission}">` : nothing}
${content}
<div class="buttons">
${cancel ? html`<button form="cancel" class="button button-secondary">${cancel.label}</button>` : nothing}
<button class="button button-primary">${primary}</button>
</div>
</form>
${
  cancel
    ? html`<form id="cancel" method="post" action="${cancel.action}"><input type="hidden" name="form_token" value="${formToken}"></form>`
    : nothing
}${back ? navigation([{ ...back, kind: 'back' }]) : nothing}`;
}

/** Buttons that only lead to other pages. */
export function navigation(
  buttons: readonly {
    readonly label: string;
    readonly path: string;
    readonly kind?: 'primary' | 'secondary' | 'back';
  }[],
): Html {
  return html`<div class="buttons">${buttons.map(
    ({ label, path, kind = 'secondary' }) =>
      html`<form method="get" action="${path}"><button class="button button-${kind}">${label}</button></form>`,
  )}</div>`;
}
