import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addIntentions, type NodeFilesQuestion, planNodeFiles } from './plan-node-files.js';

type Digest = string | null;

const path = '/etc/rancher/k3s/registries.yaml';

function plan(wanted: Digest, left: Digest | undefined, present: Digest, more: object = {}) {
  const question: NodeFilesQuestion = {
    wanted: wanted === null ? [] : [{ path, digest: wanted }],
    present: new Map([[path, present]]),
    left: left === undefined ? new Map() : new Map([[path, left]]),
    intended: new Map(),
    writeOver: false,
    ...more,
  };
  const { changes, drift } = planNodeFiles(question);
  const [change] = changes;
  if (change !== undefined) return change.keep ? `${change.action}, keep` : change.action;
  return drift[0]?.change ?? 'nothing';
}

describe('the plan for one file', () => {
  it.each<[string, Digest, Digest | undefined, Digest, string]>([
    ['a new file is written', 'a', undefined, null, 'write'],
    ['a file of before the agent is kept and replaced', 'a', undefined, 'b', 'write, keep'],
    ['a file of before the agent that is right already is left', 'a', undefined, 'a', 'nothing'],
    ['a file as it shall be is left', 'a', 'a', 'a', 'nothing'],
    ['a hand edit is drift', 'a', 'a', 'b', 'changed'],
    ['a file removed by hand is drift', 'a', 'a', null, 'removed'],
    ['a new version is written', 'a', 'b', 'b', 'write'],
    ['a new version over a hand edit keeps it', 'a', 'b', 'c', 'write, keep'],
    ['a new version of a file removed by hand is written', 'a', 'b', null, 'write'],
    ['a new version that a hand edit foresaw is left', 'a', 'b', 'a', 'nothing'],
    ['a file that is no longer wanted is removed', null, 'b', 'b', 'remove'],
    ['a hand-edited one is kept and removed', null, 'b', 'c', 'remove, keep'],
    ['one that is gone already is left', null, 'b', null, 'nothing'],
    ['a file of others is left', null, undefined, 'c', 'nothing'],
  ])('%s', (_, wanted, left, present, outcome) => {
    expect(plan(wanted, left, present)).toBe(outcome);
  });

  it.each<[string, Digest, Digest | undefined, Digest, Digest, string]>([
    ['what an interrupted run wrote is not a hand edit', 'c', 'a', 'b', 'b', 'write'],
    ['also when the version before is wanted again', 'a', 'a', 'b', 'b', 'write'],
    ['what it removed is not removed by hand', 'a', 'a', null, null, 'write'],
    ['what it wrote first of all is removed when unwanted', null, undefined, 'b', 'b', 'remove'],
    ['what others wrote there meanwhile is theirs', null, undefined, 'c', 'b', 'nothing'],
    ['what it did not get to is an old version', 'b', 'a', 'a', 'b', 'write'],
    ['a hand edit after it is one', 'b', 'b', 'c', 'a', 'changed'],
  ])('%s', (_, wanted, left, present, intended, outcome) => {
    expect(plan(wanted, left, present, { intended: new Map([[path, [intended]]]) })).toBe(outcome);
  });

  it('writes over a hand edit when a person asks, and keeps it', () => {
    expect(plan('a', 'a', 'b', { writeOver: true })).toBe('write, keep');
    expect(plan('a', 'a', null, { writeOver: true })).toBe('write');
  });
});

it('takes nothing for a hand edit after any number of runs that were cut off', () => {
  // h1 was being written when the agent died, then h2; its file of h1 is still there.
  const wanted = [{ path, digest: 'b' }];
  const base = { left: new Map(), writeOver: false };
  const nothing = { ...base, present: new Map([[path, null]]), intended: new Map() };
  const first = addIntentions({}, planNodeFiles({ ...nothing, wanted }), wanted);
  const written = { ...base, present: new Map([[path, 'b']]) };
  const removal = planNodeFiles({
    ...written,
    wanted: [],
    intended: new Map(Object.entries(first)),
  });
  expect(removal.changes).toEqual([{ path, action: 'remove', keep: false }]);
  const second = addIntentions(first, removal, []);
  expect(second).toEqual({ [path]: ['b', null] });
  const again = planNodeFiles({
    ...written,
    wanted: [],
    intended: new Map(Object.entries(second)),
  });
  expect(again).toEqual(removal);
});

const digest = fc.constantFrom('a', 'b', 'c', null);
const paths = ['/1', '/2', '/3', '/4'];
const picture = fc
  .array(digest, { minLength: 4, maxLength: 4 })
  .map((digests) => new Map(paths.map((each, index) => [each, digests[index] ?? null])));
const intentions = fc
  .array(fc.uniqueArray(digest), { minLength: 4, maxLength: 4 })
  .map((all) => new Map(paths.map((each, index) => [each, all[index] ?? []])));
const questions = fc
  .record({ wanted: picture, present: picture, left: picture, intended: intentions })
  .map(({ wanted, present, left, intended }): NodeFilesQuestion => {
    const some = (map: Map<string, Digest>) =>
      new Map([...map].filter(([, each]) => each !== null));
    return {
      wanted: [...some(wanted)].map(([each, value]) => ({ path: each, digest: value ?? '' })),
      present,
      left: some(left),
      intended,
      writeOver: false,
    };
  });

describe('any plan', () => {
  it('leads to a picture in which only drift differs from what is wanted, and then to nothing', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { changes, drift } = planNodeFiles(question);
        const present = new Map(question.present);
        const wanted = new Map(question.wanted.map((file) => [file.path, file.digest]));
        for (const change of changes) present.set(change.path, wanted.get(change.path) ?? null);
        const drifted = drift.map((each) => each.path);
        for (const [each, value] of wanted) {
          if (!drifted.includes(each)) expect(present.get(each)).toBe(value);
        }
        const after = { ...question, present, left: wanted, intended: new Map() };
        const again = planNodeFiles(after);
        expect(again).toEqual({ changes: [], drift });
      }),
    );
  });

  it('never touches what is neither wanted nor left nor intended, and never drops another’s work unkept', () => {
    fc.assert(
      fc.property(questions, (question) => {
        for (const change of planNodeFiles(question).changes) {
          const present = question.present.get(change.path) ?? null;
          const isOurs =
            present === null ||
            present === question.left.get(change.path) ||
            question.intended.get(change.path)?.includes(present) === true;
          expect(change.keep).toBe(!isOurs);
        }
      }),
    );
  });
});
