/** What a caller is told when a question costs too much, or when there is too much to do. */
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ComputingPlace } from '../src/computing/computing-place.js';
import { buildUser, type TestUser } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

/** Answers nothing, ever. */
const NEVER = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => undefined);
parentPort.postMessage('ready');
`;

let harness: Harness;
let user: TestUser;
beforeAll(async () => {
  const entry = { url: new URL(`data:text/javascript,${encodeURIComponent(NEVER)}`), execArgv: [] };
  const limits = { timeMs: 300, heapMb: 32, threads: 1, waiting: 1, waitMs: 10_000, idleMs: 1_000 };
  harness = await startHarness({ computing: new ComputingPlace(entry, limits) });
  user = await buildUser(harness);
});
afterAll(() => harness.close());

const check = (document: string) =>
  user.client(endpoints.checkRegistriesYaml, { body: { document, distribution: 'k3s' } });
const LARGE = `#${'x'.repeat(20_000)}`;

describe('422', () => {
  it('says that a question takes too long', async () => {
    expect(await problemOf(check(LARGE))).toMatchObject({
      status: 422,
      code: 'request.too-complex',
    });
  });
});

// A repeat of a few characters is a lot of work, which everybody else would wait for.
describe('422', () => {
  it.each(['(a?){900}[^a]', '((a?){30}){30}'])(
    'holds nobody up for a small %s',
    async (pattern) => {
      const document = `mirrors: {r.io: {endpoint: [m.io], rewrite: {"${pattern}": x}}}`;
      const rewrite = { pattern, replacement: 'x', repository: 'a'.repeat(2_000) };
      const asked = await Promise.all([
        problemOf(check(document)),
        problemOf(user.client(endpoints.applyRewrite, { body: rewrite })),
      ]);
      expect(asked.map((problem) => problem?.code)).toEqual(Array(2).fill('request.too-complex'));
    },
  );
});

describe('503', () => {
  it('says that there is too much to do, and when to come back', async () => {
    const [first, second, third] = [check(LARGE), check(LARGE), check(LARGE)].map(problemOf);
    expect(await third).toMatchObject({ status: 503, code: 'server.busy' });
    expect([(await first)?.status, (await second)?.status]).toEqual([422, 422]);
    const call = () =>
      fetch(`${harness.origin}/api/v1/tools/registries-yaml/check`, {
        method: 'POST',
        headers: { ...user.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ document: LARGE, distribution: 'k3s' }),
      });
    const replies = await Promise.all([call(), call(), call()]);
    const busy = replies.find(({ status }) => status === 503);
    expect(busy?.headers.get('retry-after')).toBe('5');
  });
});

describe('200', () => {
  it('answers small questions all the same', async () => {
    const slow = problemOf(check(LARGE));
    expect((await check('mirrors: {}\n')).valid).toBe(true);
    await slow;
  });
});
