import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  answeredChallengeSchema,
  loginSignatureSchema,
  waitingChallengesSchema,
} from '../../../core/api/challenge.ts';
import { decisionSchema } from '../../../core/api/confirmation.ts';
import { python } from '../../python.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { challenges, PAGE } from '../../service/test-challenge.ts';
import { createTestService } from '../../service/test-service.ts';

/** What docs/PROTOCOL.md says of login by signature, by a program in another language that was written from it alone. */

const PROTOCOL = join(import.meta.dirname, '../../../docs/PROTOCOL.md');
const VERIFIER = join(import.meta.dirname, 'verify_login.py');

const page = readFileSync(PROTOCOL, 'utf8');
const [, source = ''] = /^```json worked-example\n([\s\S]*?)^```$/m.exec(page) ?? [];
const example: {
  login: Record<'waiting' | 'signature' | 'answer', { claims: object; jws: string }>;
  confirmation: { decisionOnPage: { claims: object } };
} = JSON.parse(source);

describe('the worked example of a login', () => {
  test('is verified from the page alone', () => {
    const said = execFileSync(python(), [VERIFIER, 'check', PROTOCOL], { encoding: 'utf8' });
    expect(said).toMatch(/^[1-9]\d checks hold\n$/);
  });

  test.each(['waiting', 'signature', 'answer'] as const)('is not where the %s is another', (part) => {
    const { jws } = example.login[part];
    const other = join(mkdtempSync(join(tmpdir(), 'warifu-page-')), 'PROTOCOL.md');
    const [header = '', claims = '', signature = ''] = jws.split('.');
    const changed = `${header}.${claims}.${[...signature].reverse().join('')}`;
    writeFileSync(other, page.replaceAll(jws, changed));
    expect(spawnSync(python(), [VERIFIER, 'check', other]).status).not.toBe(0);
  });

  test('has the form that the API has', () => {
    const { waiting, signature, answer } = example.login;
    expect(waitingChallengesSchema.parse(waiting.claims)).toEqual(waiting.claims);
    expect(loginSignatureSchema.parse(signature.claims)).toEqual(signature.claims);
    expect(answeredChallengeSchema.parse(answer.claims)).toEqual(answer.claims);
    const { claims } = example.confirmation.decisionOnPage;
    expect(decisionSchema.parse(claims)).toEqual(claims);
  });
});

test('what that program signs, the service takes, and the bank goes on', async () => {
  const database = await openServiceMemory();
  onTestFinished(() => database.close());
  const service = await createTestService(database);
  const challenge = challenges(service);
  const customer = await service.active();
  const asked = await challenge.ask(customer);
  const claims = {
    challenge: asked.id,
    institution: 'senpoku',
    tokenId: customer.tokenId,
    use: 'verify',
    origin: PAGE,
    document: 'A'.repeat(43),
    iat: Math.floor(service.clock.now() / 1000),
    factors: ['token-key', 'passkey'],
  };
  const input = JSON.stringify({ key: await customer.token.saveKey(), claims });
  const signature = execFileSync(python(), [VERIFIER, 'sign'], { encoding: 'utf8', input }).trim();
  expect((await challenge.send(customer, asked, signature)).said?.status).toBe('signed');
  expect((await challenge.use(customer, asked)).said).toMatchObject({
    accepted: true,
    challenge: { signed: { origin: PAGE, factors: ['token-key', 'passkey'] } },
  });
});
