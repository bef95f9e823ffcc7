import type { FieldError } from '../../../web/form.ts';

export interface FormState {
  readonly formToken: string;
  readonly errors: readonly FieldError[];
  /** Shown above the form, for example if the service did not answer. */
  readonly notice?: string | undefined;
}

export interface SubmissionState extends FormState {
  readonly submission: string;
}
