/** A request that was answered: the pattern of its route, and no values of it. */
export interface EndedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/** A statement as it was sent: values stand apart from it. */
export interface Statement {
  readonly text: string;
  readonly ms: number;
  readonly failed: boolean;
}

/** Where traces go. */
export interface Tracing {
  /** Traces what happens while a request is handled. */
  request(headers: Headers, handle: () => Promise<EndedRequest>): Promise<void>;
  statement(statement: Statement): void;
  /** Headers by which the next part goes on with the trace. */
  outgoing(): Record<string, string>;
  /** Sends what is left. */
  end(): Promise<void>;
}
