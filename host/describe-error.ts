/** Describes an error for the log by its kind and place. Its message is left out, as it may quote what a customer typed. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return 'not an error';
  const code = 'code' in error ? error.code : undefined;
  return { name: error.name, code, stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) };
}
