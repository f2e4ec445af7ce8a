/** A page of a large environment costs one statement that works on the page's rows alone. */
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CredentialsRepository } from '../src/credentials/credentials.repository.js';
import { buildAdmin, buildEnvironment, type TestEnvironment, type TestUser } from './factories.js';
import { type Harness, startHarness } from './harness.js';

const REGISTRIES = 5_000;
const CREDENTIALS_EACH = 4;
const PAGE = 50;

let harness: Harness;
let admin: TestUser;
let environment: TestEnvironment;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
  environment = await buildEnvironment(harness);
  await harness.database.execute(
    `insert into registries (id, environment_id, address, provider, name)
     select gen_random_uuid(), $1, 'reg-' || n || '.example.com', 'generic', 'registry ' || n from generate_series(1, $2::int) n`,
    [environment.id, REGISTRIES],
  );
  await harness.database.execute(
    `insert into credentials (id, registry_id, environment_id, username, scope, secret_sealed, secret_key_id, secret_fingerprint, created_by_name)
     select gen_random_uuid(), r.id, r.environment_id, 'ci', case when n % 2 = 0 then '' else 'team-a' end, '\\x00', 'k', '\\x00', 'x'
     from registries r, generate_series(1, $1::int) n`,
    [CREDENTIALS_EACH],
  );
  await harness.database.execute('analyze');
});
afterAll(() => harness.close());

/** Statements about registries that the call sends, with their values. */
async function statementsOf(call: () => Promise<unknown>) {
  const spy = vi.spyOn(harness.database.pool, 'query');
  await call();
  const sent = spy.mock.calls.map(([statement]) => Statement.parse(statement));
  spy.mockRestore();
  return sent.filter(({ text }) => /\b(registries|credentials)\b/.test(text));
}
const Statement = z.object({ text: z.string(), values: z.array(z.unknown()) });

interface Plan {
  readonly 'Actual Loops'?: number;
  readonly 'Relation Name'?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Node Type': string;
  readonly Plans?: readonly Plan[];
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

async function nodesOfStatement(text: string, values: readonly unknown[]): Promise<Plan[]> {
  const [row] = await harness.database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  if (row === undefined) throw new Error('explain answered nothing');
  return nodesOf(row['QUERY PLAN'][0].Plan);
}

const list = (query: Record<string, string | number>) =>
  admin.client(endpoints.listRegistries, { env: environment.id, query });

it.each(['name', '-name', 'address', '-createdAt'])(
  'lists a page by %s with one statement, which looks at the credentials of that page only',
  async (sort) => {
    const statements = await statementsOf(async () => {
      const page = await list({ limit: PAGE, sort });
      expect([page.items.length, page.total]).toEqual([PAGE, REGISTRIES]);
      expect(page.items[0]?.effectiveCredentials.map(({ scope }) => scope)).toEqual(['', 'team-a']);
    });
    expect(statements).toHaveLength(1);
    const [{ text, values } = { text: '', values: [] }] = statements;
    const nodes = await nodesOfStatement(text, values);
    const onCredentials = nodes.filter((node) => node['Relation Name'] === 'credentials');
    expect(onCredentials.length).toBeGreaterThan(0);
    for (const node of onCredentials) {
      expect(node['Node Type']).not.toBe('Seq Scan');
      expect(node['Actual Loops']).toBeLessThanOrEqual(PAGE + 1);
    }
    const isIndexed = sort !== '-createdAt'; // a rare order: 5,000 rows are sorted for it
    const sorted = nodes.filter((node) => node['Sort Key']?.some((key) => key.startsWith('r.')));
    expect(sorted.filter((node) => node['Node Type'] === 'Sort')).toHaveLength(isIndexed ? 0 : 1);
  },
);

it.each([
  ['true', 0],
  ['false', REGISTRIES],
])('lists what needs attention (%s) with one statement', async (attention, total) => {
  const statements = await statementsOf(async () => {
    expect((await list({ limit: PAGE, attention })).total).toBe(total);
  });
  expect(statements).toHaveLength(1);
});

it('finds the logins to deliver with one statement, without the older ones', async () => {
  const repository = harness.app.get(CredentialsRepository);
  const statements = await statementsOf(async () => {
    const rows = await repository.loadSealed(environment.id);
    expect(rows).toHaveLength(REGISTRIES * 2);
  });
  expect(statements).toHaveLength(1);
});
