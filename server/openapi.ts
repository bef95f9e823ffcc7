import type { OpenAPIHono } from '@hono/zod-openapi';
import { type ZodType, z } from 'zod';
import {
  approvalDecisionSchema,
  approvalRequestSchema,
  approvalSchema,
  approvalStatusSchema,
  approvalsSchema,
} from '../core/api/approval.ts';
import {
  answeredChallengeSchema,
  challengeStatusSchema,
  challengeUseSchema,
  loginSignatureSchema,
  waitingChallengesSchema,
} from '../core/api/challenge.ts';
import {
  decidedSchema,
  decisionKindSchema,
  decisionSchema,
  detailsSchema,
  liveConfirmationsSchema,
  securityEventSchema,
} from '../core/api/confirmation.ts';
import { factorSchema } from '../core/api/factor.ts';
import {
  claimedPairingSchema,
  devicesSchema,
  pairedTokenSchema,
  pairingDecisionSchema,
  pairingSchema,
  pairingStatusSchema,
} from '../core/api/pairing.ts';
import { problemSchema } from '../core/api/problem.ts';
import { pushMessageSchema } from '../core/api/push.ts';
import {
  enrolmentSchema,
  proofSchema,
  serialEnrolmentSchema,
  timeSchema,
  tokenStateSchema,
} from '../core/api/token.ts';
import type { ServiceEnv } from './context.ts';
import { EXAMPLES, TRANSACTION_EXAMPLES } from './examples.ts';

/** A required JSON body. */
export function jsonBody<T extends ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** The answer of success, and the statuses that carry a problem document. */
export function answers<S extends number, T extends ZodType>(
  status: S,
  description: string,
  schema: T,
  refusals: readonly number[],
) {
  const good = { [status]: { description, content: { 'application/json': { schema } } } } as {
    [K in S]: { description: string; content: { 'application/json': { schema: T } } };
  };
  return { ...problems(refusals), ...good };
}

/** The statuses that carry a problem document. */
export function problems(statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'Problem',
        content: { 'application/problem+json': { schema: problemSchema } },
        ...(RETRIED.includes(status) && { headers: { 'Retry-After': RETRY_AFTER } }),
      },
    ]),
  );
}

const RETRIED: readonly number[] = [429, 503];
const RETRY_AFTER = {
  description: 'Seconds until it is worth trying again',
  schema: { type: 'integer' },
} as const;

/** Schemas of signed and encrypted messages; no body of the API shows them. */
const SIGNED = {
  Proof: proofSchema,
  Enrolment: enrolmentSchema,
  SerialEnrolment: serialEnrolmentSchema,
  Time: timeSchema,
  TokenState: tokenStateSchema,
  LiveConfirmations: liveConfirmationsSchema,
  Details: detailsSchema,
  Decision: decisionSchema,
  DecisionKind: decisionKindSchema,
  Decided: decidedSchema,
  Pairing: pairingSchema,
  PairingStatus: pairingStatusSchema,
  PairedToken: pairedTokenSchema,
  ClaimedPairing: claimedPairingSchema,
  PairingDecision: pairingDecisionSchema,
  Devices: devicesSchema,
  ApprovalRequest: approvalRequestSchema,
  ApprovalStatus: approvalStatusSchema,
  Approval: approvalSchema,
  Approvals: approvalsSchema,
  ApprovalDecision: approvalDecisionSchema,
  Factor: factorSchema,
  ChallengeUse: challengeUseSchema,
  ChallengeStatus: challengeStatusSchema,
  WaitingChallenges: waitingChallengesSchema,
  LoginSignature: loginSignatureSchema,
  AnsweredChallenge: answeredChallengeSchema,
  SecurityEvent: securityEventSchema,
  PushMessage: pushMessageSchema,
};

/** Serves the API's description, with every schema by its name and with an example. Anybody may ask for it, so it is made once. */
export function describeApi(app: OpenAPIHono<ServiceEnv>): void {
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'bankKey', {
    type: 'http',
    scheme: 'bearer',
    description:
      "An institution's API key: 43 base64url characters, given to the bank by the service's operator.",
  });
  registry.registerComponent('securitySchemes', 'staffKey', {
    type: 'http',
    scheme: 'bearer',
    description:
      "The key of an institution's staff: of the form of a bank's key, given to the staff console by the service's operator. Neither does what the other does.",
  });
  registry.registerComponent('securitySchemes', 'proof', {
    type: 'apiKey',
    in: 'header',
    name: 'DPoP',
    description:
      'A proof by the token’s signing key, shaped as RFC 9449 §4.2, without an access token: a compact JWS (ES256, typ dpop+jwt, jwk in the header) over the claims of the schema Proof, made anew for each request.',
  });
  for (const [name, schema] of Object.entries(SIGNED))
    registry.registerComponent('schemas', name, whole(schema));
  let text: string | undefined;
  app.get('/openapi.json', (c) => {
    text ??= JSON.stringify(descriptionOf(app));
    return c.body(text, 200, { 'Content-Type': 'application/json' });
  });
}

function descriptionOf(app: OpenAPIHono<ServiceEnv>) {
  const description = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Warifu token service', version: '1', license: { name: 'Apache-2.0' } },
  });
  const schemas = Object.entries(description.components?.schemas ?? {});
  const withExamples = Object.fromEntries(
    schemas.map(([name, schema]) => [name, { ...schema, ...examplesOf(name) }]),
  );
  return { ...description, components: { ...description.components, schemas: withExamples } };
}

/** The transaction has an example of each type as well. */
const examplesOf = (name: string) => ({
  example: EXAMPLES[name],
  ...(name === 'Transaction' && { examples: Object.values(TRANSACTION_EXAMPLES) }),
});

/** A schema as JSON Schema, which OpenAPI 3.1 accepts, with every reference written out. */
function whole(schema: ZodType) {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { metadata: z.registry() });
  return json as Parameters<OpenAPIHono['openAPIRegistry']['registerComponent']>[2];
}
