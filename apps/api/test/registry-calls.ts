/** What the tests of registries, credentials and mirrors share: additions, and the traces of a change. */
import {
  type CallInput,
  type CallReply,
  type Client,
  type Credential,
  endpoints,
  type Registry,
} from '@moorage/contract';
import { type Harness, problemOf } from './harness.js';

type RegistryBody = CallInput<typeof endpoints.createRegistry>['body'];
type CredentialBody = CallInput<typeof endpoints.createCredential>['body'];
export type UpsertBody = CallInput<typeof endpoints.upsertRegistry>['body'];

let addresses = 0;
/** An address that no other test of this process uses. */
export function freeAddress(): string {
  addresses += 1;
  return `reg-${addresses}.example.com`;
}

export function addRegistry(
  client: Client,
  env: string,
  body: Partial<RegistryBody> = {},
): Promise<Registry> {
  return client(endpoints.createRegistry, { env, body: { address: freeAddress(), ...body } });
}

export function addCredential(
  client: Client,
  env: string,
  registryId: string,
  body: Partial<CredentialBody> = {},
): Promise<Credential> {
  return client(endpoints.createCredential, {
    env,
    registryId,
    body: { username: 'ci', password: 'hunter2', ...body },
  });
}

export function upsertRegistry(
  client: Client,
  env: string,
  address: string,
  body: UpsertBody,
): Promise<CallReply<typeof endpoints.upsertRegistry>> {
  return client(endpoints.upsertRegistry, { env, address, body });
}

/** `status code` of every refusal, each once; fails if one of the calls was not refused. */
export async function refusalsOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const problems = await Promise.all(calls.map(problemOf));
  return [...new Set(problems.map(({ status, code }) => `${status} ${code}`))];
}

export interface Traces {
  /** `action name` of every audit entry, oldest first */
  readonly audit: readonly string[];
  /** `topic kind` of every event, oldest first */
  readonly outbox: readonly string[];
}

/** What the changes that `work` made have left in the audit log and in the outbox of an environment. */
export async function tracesOf(
  harness: Harness,
  environmentId: string,
  work: () => Promise<unknown>,
): Promise<Traces> {
  const before = await loadTraces(harness, environmentId);
  await work();
  const after = await loadTraces(harness, environmentId);
  return {
    audit: after.audit.slice(before.audit.length),
    outbox: after.outbox.slice(before.outbox.length),
  };
}

export async function loadTraces({ database }: Harness, environmentId: string): Promise<Traces> {
  const audit = await database.query<{ text: string }>(
    `select action || ' ' || object_name as text from audit_entries where environment_id = $1 order by id`,
    [environmentId],
  );
  const outbox = await database.query<{ text: string }>(
    `select topic || ' ' || kind as text from outbox where environment_id = $1 order by id`,
    [environmentId],
  );
  return { audit: audit.map(({ text }) => text), outbox: outbox.map(({ text }) => text) };
}
