import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { EndedRequest, Statement, Tracing } from './tracing.ts';

/** Traces by OpenTelemetry. The exporter reads its own variables: endpoint, headers, timeout, compression. */
export function openTelemetry(service: string): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const tracer = provider.getTracer('warifu');
  const propagator = new W3CTraceContextPropagator();
  const here = new AsyncLocalStorage<Context>();
  const parent = () => here.getStore() ?? ROOT_CONTEXT;

  return {
    request: async (headers, handle) => {
      const from = here.getStore() ?? propagator.extract(ROOT_CONTEXT, headers, HEADERS);
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, from);
      try {
        describe(span, await here.run(trace.setSpan(from, span), handle));
      } finally {
        span.end();
      }
    },
    statement: ({ text, ms, failed }: Statement) => {
      const [name = ''] = text.trimStart().split(/\s/, 1);
      const started = { kind: SpanKind.CLIENT, startTime: Date.now() - ms };
      const span = tracer.startSpan(name.toUpperCase(), started, parent());
      span.setAttributes({ 'db.system.name': 'postgresql', 'db.query.text': text });
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    outgoing: () => {
      const carrier = new Headers();
      propagator.inject(parent(), carrier, { set: (headers, name, value) => headers.set(name, value) });
      return Object.fromEntries(carrier);
    },
    end: () => provider.shutdown(),
  };
}

const HEADERS = {
  keys: (headers: Headers) => [...headers.keys()],
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
};

/** Names of the semantic conventions for HTTP; the path itself names tokens and is left out. */
function describe(span: Span, { method, route, status }: EndedRequest): void {
  span.updateName(`${method} ${route}`);
  span.setAttributes({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
  });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
}
