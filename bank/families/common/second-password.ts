import type { Institution } from '../../../core/institution/directory.ts';
import type { BankDependencies } from '../../context.ts';
import type { Customer } from '../../store/customers.ts';
import type { FieldError } from '../../web/form.ts';
import type { Html } from '../../web/html.ts';

type Form = ReadonlyMap<string, string>;

/** The second password, which transactions need. Each family has its own, and its own way to ask for it. */
export interface SecondPassword {
  /** The name that customers know. */
  readonly name: string;
  /** Its rows in a form. */
  rows(
    dependencies: BankDependencies,
    customerId: string,
    errors: readonly FieldError[],
  ): Html | Promise<Html>;
  /** Errors of fields that are empty or cannot be right; they do not count as tries. */
  missing(
    dependencies: BankDependencies,
    customerId: string,
    form: Form,
  ): Promise<FieldError | undefined> | FieldError | undefined;
  /** Checks what was typed, and counts the try. @returns undefined if it is right */
  error(
    dependencies: BankDependencies,
    institution: Institution,
    customer: Customer,
    form: Form,
  ): Promise<FieldError | undefined>;
  /** Call this when the work it was given for is done. */
  used?(dependencies: BankDependencies, customerId: string, form: Form): Promise<void>;
}
