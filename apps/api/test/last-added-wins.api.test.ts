/**
 * Random histories of additions, edits, switches and deletions, many at the same moment, against a
 * model. `MOORAGE_HISTORIES` sets how many are tried (the reliability goal is 10,000).
 *
 * A history is steps; the operations of one step run at once. Within a step every operation has a
 * credential or a registry state of its own, so that the outcome does not depend on who comes first,
 * except for additions: their order is the database's sequence, and the model is told it.
 */
import { endpoints } from '@moorage/contract';
import { decideEffectiveCredentials } from '@moorage/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EffectiveLoginsService } from '../src/credentials/effective-logins.service.js';
import { buildAdmin, buildEnvironment, type TestUser } from './factories.js';
import { type Harness, startHarness } from './harness.js';
import { LastAddedWins } from './last-added-wins.model.js';
import { addCredential, addRegistry, upsertRegistry } from './registry-calls.js';

let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
});
afterAll(() => harness.close());

const HISTORIES = Number(process.env['MOORAGE_HISTORIES'] ?? 40);
const ADDRESSES = ['docker.io', 'ghcr.io', 'reg.example.com:5000'];
const SCOPES = ['', 'team-a', 'team-a/app'];

type Operation =
  | { readonly kind: 'add' | 'upsert-new'; readonly address: string; readonly scope: string }
  | { readonly kind: 'upsert-same'; readonly address: string; readonly scope: string }
  | {
      readonly kind: 'enable' | 'disable' | 'delete' | 'edit';
      readonly address: string;
      readonly pick: number;
    }
  | { readonly kind: 'registry-on' | 'registry-off' | 'registry-delete'; readonly address: string };

const address = fc.constantFrom(...ADDRESSES);
const scope = fc.constantFrom(...SCOPES);
const adding = fc.record({
  kind: fc.constantFrom('add' as const, 'upsert-new' as const, 'upsert-same' as const),
  address,
  scope,
});
const changing = fc.record({
  kind: fc.constantFrom('enable' as const, 'disable' as const, 'delete' as const, 'edit' as const),
  address,
  pick: fc.nat(20),
});
const switching = fc.record({
  kind: fc.constantFrom(
    'registry-on' as const,
    'registry-off' as const,
    'registry-delete' as const,
  ),
  address,
});
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: adding },
  { weight: 5, arbitrary: changing },
  { weight: 1, arbitrary: switching },
);
const history = fc.array(fc.array(operation, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 8,
});

/** One environment, played through the API and told to the model. */
class Play {
  readonly model = new LastAddedWins();
  readonly #registryIds = new Map<string, string>();
  readonly #credentialIds = new Map<string, string>();
  #names = 0;
  constructor(private readonly env: string) {}

  async open(): Promise<void> {
    for (const address of ADDRESSES) await this.#addRegistry(address);
  }

  async step(operations: readonly Operation[]): Promise<void> {
    const touched = new Set<string>();
    const tasks: Promise<void>[] = [];
    const additions: { address: string; scope: string; name: string }[] = [];
    for (const operation of operations) {
      const task = this.#begin(operation, touched, additions);
      if (task !== undefined) tasks.push(task);
    }
    await Promise.all(tasks);
    await this.#tellAdditions(additions);
    for (const address of ADDRESSES)
      if (!this.model.registries.has(address)) await this.#addRegistry(address);
  }

  // Undefined when something of this step touches the same thing already.
  #begin(
    operation: Operation,
    touched: Set<string>,
    additions: { address: string; scope: string; name: string }[],
  ): Promise<void> | undefined {
    const { kind, address } = operation;
    if ('scope' in operation) {
      // The newest, given again after an addition of the same step, would be an addition itself.
      if (
        touched.has(`${address} deleted`) ||
        touched.has(`${address} ${operation.scope} repeated`)
      )
        return undefined;
      touched.add(`${address} used`);
      return kind === 'upsert-same'
        ? this.#upsertSame(operation, touched)
        : this.#addLogin(operation, touched, additions);
    }
    if ('pick' in operation) return this.#changeLogin(operation, touched);
    if (touched.has(`${address} switched`) || touched.has(`${address} used`)) return undefined;
    touched.add(`${address} switched`).add(`${address} used`);
    if (kind === 'registry-delete') touched.add(`${address} deleted`);
    return this.#switchRegistry(kind, address);
  }

  async #addRegistry(address: string): Promise<void> {
    this.model.addRegistry(address);
    const { id } = await addRegistry(admin.client, this.env, { address });
    this.#registryIds.set(address, id);
  }

  #at(address: string) {
    return { env: this.env, registryId: this.#registryIds.get(address) ?? '' };
  }

  async #addLogin(
    { kind, address, scope }: { kind: string; address: string; scope: string },
    touched: Set<string>,
    additions: { address: string; scope: string; name: string }[],
  ): Promise<void> {
    this.#names += 1;
    const name = `user-${this.#names}`;
    const credential = { username: name, password: `secret of ${name}`, scope };
    additions.push({ address, scope, name });
    touched.add(`${address} ${scope} added`);
    if (kind === 'add')
      await addCredential(admin.client, this.env, this.#at(address).registryId, credential);
    else await upsertRegistry(admin.client, this.env, address, { credential });
  }

  // The newest of the scope again, whatever its state: nothing may come of it.
  #upsertSame({ address, scope }: { address: string; scope: string }, touched: Set<string>) {
    const stack = this.model.registries.get(address)?.stack ?? [];
    const newest = stack.findLast((credential) => credential.scope === scope);
    if (newest === undefined || touched.has(`${address} ${scope} added`)) return undefined;
    if (touched.has(newest.name)) return undefined;
    touched.add(newest.name).add(`${address} ${scope} repeated`);
    return this.#repeat(address, newest.name, scope);
  }

  async #repeat(address: string, username: string, scope: string): Promise<void> {
    const credential = { username, password: `secret of ${username}`, scope };
    await upsertRegistry(admin.client, this.env, address, { credential });
  }

  #changeLogin(
    { kind, address, pick }: { kind: string; address: string; pick: number },
    touched: Set<string>,
  ): Promise<void> | undefined {
    const stack = this.model.registries.get(address)?.stack ?? [];
    const credential = stack[pick % Math.max(stack.length, 1)];
    if (credential === undefined || touched.has(credential.name)) return undefined;
    if (touched.has(`${address} deleted`)) return undefined;
    touched.add(credential.name).add(`${address} used`);
    // An upsert of the same step must not find another newest one than the model.
    touched.add(`${address} ${credential.scope} added`);
    return this.#apply(kind, address, credential.name);
  }

  async #apply(kind: string, address: string, name: string): Promise<void> {
    const at = { ...this.#at(address), credentialId: this.#credentialIds.get(name) ?? '' };
    if (kind === 'delete') {
      this.model.delete(address, name);
      await admin.client(endpoints.deleteCredential, at);
    } else if (kind === 'edit') {
      const body = { description: name, password: `secret of ${name}` };
      await admin.client(endpoints.updateCredential, { ...at, body });
    } else {
      this.model.set(address, name, kind === 'enable');
      await admin.client(
        kind === 'enable' ? endpoints.enableCredential : endpoints.disableCredential,
        at,
      );
    }
  }

  async #switchRegistry(kind: string, address: string): Promise<void> {
    const at = this.#at(address);
    if (kind === 'registry-delete') {
      this.model.deleteRegistry(address);
      await admin.client(endpoints.deleteRegistry, at);
    } else {
      this.model.setRegistry(address, kind === 'registry-on');
      await admin.client(
        kind === 'registry-on' ? endpoints.enableRegistry : endpoints.disableRegistry,
        at,
      );
    }
  }

  async #tellAdditions(
    additions: readonly { address: string; scope: string; name: string }[],
  ): Promise<void> {
    const names = additions.map(({ name }) => name);
    const rows = await harness.database.query<{ id: string; username: string }>(
      'select id, username from credentials where registry_id = any($1) and username = any($2) order by sequence',
      [[...this.#registryIds.values()], names],
    );
    expect(rows.map(({ username }) => username).sort()).toEqual(names.toSorted());
    for (const { id, username } of rows) {
      this.#credentialIds.set(username, id);
      const addition = additions.find(({ name }) => name === username);
      if (addition !== undefined) this.model.add(addition.address, addition.scope, username);
    }
  }
}

async function effectiveByList(env: string): Promise<string[]> {
  const { items } = await admin.client(endpoints.listRegistries, { env, query: { limit: 500 } });
  return items
    .flatMap((registry) =>
      registry.effectiveCredentials.map(
        (login) => `${registry.address}/${login.scope} ${login.username}`,
      ),
    )
    .sort();
}

async function effectiveByStack(env: string): Promise<string[]> {
  const { items } = await admin.client(endpoints.listRegistries, { env, query: { limit: 500 } });
  const places = await Promise.all(
    items.map(async ({ id, address }) => {
      const page = await admin.client(endpoints.listCredentials, {
        env,
        registryId: id,
        query: { limit: 500 },
      });
      return page.items
        .filter(({ effective }) => effective)
        .map(({ scope, username }) => `${address}/${scope} ${username}`);
    }),
  );
  return places.flat().sort();
}

async function effectiveByDelivery(environmentId: string): Promise<string[]> {
  const logins = await harness.app.get(EffectiveLoginsService).load(environmentId);
  for (const { username, secret } of logins) expect(secret.reveal()).toBe(`secret of ${username}`);
  return logins.map(({ address, scope, username }) => `${address}/${scope} ${username}`).sort();
}

async function effectiveByCore(environmentId: string): Promise<string[]> {
  type Row = {
    id: string;
    username: string;
    scope: string;
    state: 'enabled' | 'disabled';
    sequence: number;
  };
  const registries = await harness.database.query<{
    id: string;
    address: string;
    state: 'enabled' | 'disabled';
    credentials: Row[];
  }>(
    `select r.id, r.address, r.state, coalesce((select json_agg(c) from credentials c where c.registry_id = r.id), '[]') as credentials
     from registries r where environment_id = $1`,
    [environmentId],
  );
  const names = new Map(
    registries.flatMap(({ credentials }) => credentials.map((row) => [row.id, row.username])),
  );
  const stacks = registries.map((registry) => ({ ...registry, deliver: 'both' as const }));
  return decideEffectiveCredentials(stacks)
    .map(({ address, scope, credentialId }) => `${address}/${scope} ${names.get(credentialId)}`)
    .sort();
}

it(
  'serves what the model says after every step, by list, stack, delivery and domain rule alike',
  async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const environment = await buildEnvironment(harness);
        const play = new Play(environment.id);
        await play.open();
        for (const step of steps) {
          await play.step(step);
          expect(await effectiveByDelivery(environment.id)).toEqual(play.model.effective());
        }
        const expected = play.model.effective();
        expect(await effectiveByList(environment.id)).toEqual(expected);
        expect(await effectiveByStack(environment.id)).toEqual(expected);
        expect(await effectiveByCore(environment.id)).toEqual(expected);
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    );
  },
  Math.max(120_000, HISTORIES * 2_000),
);
