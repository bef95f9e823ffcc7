import type { Tracing } from './tracing.ts';

let tracing: Tracing | undefined;

/** Where traces go; undefined where nobody wants them. */
export const tracer = (): Tracing | undefined => tracing;

/**
 * Traces requests and statements where an OTLP endpoint is set, by the variables of OpenTelemetry. Nothing of it is loaded
 * otherwise.
 * @param service its name, unless `OTEL_SERVICE_NAME` gives another
 */
export async function startTraces(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return;
  const { openTelemetry } = await import('./otlp.ts');
  tracing = openTelemetry(env.OTEL_SERVICE_NAME || service);
}

/** Sends what is left, and traces nothing more. */
export async function endTraces(): Promise<void> {
  const ending = tracing;
  tracing = undefined;
  await ending?.end();
}

/** The same, going on with the trace of the request that it is done for. */
export const tracedFetch: (input: string, init: RequestInit) => Promise<Response> = (input, init) => {
  if (tracing === undefined) return fetch(input, init);
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(tracing.outgoing())) headers.set(name, value);
  return fetch(input, { ...init, headers });
};
