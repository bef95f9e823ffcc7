import type { Institution } from '../../../core/institution/directory.ts';
import type { BankDependencies } from '../../context.ts';
import type { Customer } from '../../store/customers.ts';
import type { FieldError } from '../../web/form.ts';
import type { Html } from '../../web/html.ts';

type Form = ReadonlyMap<string, string>;

/** The password beside that of the login, which something is done with: one for each family, and how it is asked for. */
export interface SecondPassword {
  /** What customers know it by. */
  readonly name: string;
  /** Its rows of a form. */
  rows(
    dependencies: BankDependencies,
    customerId: string,
    errors: readonly FieldError[],
  ): Html | Promise<Html>;
  /** What is not filled in: said before anything is tried. */
  missing(
    dependencies: BankDependencies,
    customerId: string,
    form: Form,
  ): Promise<FieldError | undefined> | FieldError | undefined;
  /** Judges what was typed, and counts it. @returns undefined where it is right */
  error(
    dependencies: BankDependencies,
    institution: Institution,
    customer: Customer,
    form: Form,
  ): Promise<FieldError | undefined>;
  /** What it was given for is done. */
  used?(dependencies: BankDependencies, customerId: string, form: Form): Promise<void>;
}
