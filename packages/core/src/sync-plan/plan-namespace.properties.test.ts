import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedNamespace } from '../../test/simulated-namespace.js';
import type { TargetInNamespace } from './model.js';
import { planNamespace } from './plan-namespace.js';

const secretName = fc.constantFrom('moorage-a', 'moorage-b', 'pulls');
const entry = fc.constantFrom('moorage-a', 'moorage-b', 'pulls', 'mine', 'other');
const accountName = fc.constantFrom('default', 'builder', 'deployer');

const anyTarget = (targetId: string, environmentId: string): fc.Arbitrary<TargetInNamespace> =>
  fc.record({
    target: fc.record({
      targetId: fc.constant(targetId),
      environmentId: fc.constant(environmentId),
      secretName,
      contentHash: fc.constantFrom(`${environmentId}-1`, `${environmentId}-2`),
      serviceAccounts: fc.oneof(
        fc.constantFrom('default' as const, 'all' as const, 'none' as const),
        fc.constant(['builder']),
      ),
      attach: fc.constantFrom('service-account' as const, 'none' as const),
      state: fc.constantFrom('active' as const, 'active' as const, 'removing' as const),
      problem: fc.option(fc.constant({ code: 'x.y', detail: 'z' }), { freq: 8 }),
    }),
    selected: fc.boolean(),
    choice: fc.constantFrom(null, null, 'adopt' as const, 'skip' as const),
    attachedName: fc.option(secretName),
  });

const targets = fc.tuple(
  anyTarget('target-1', 'environment-1'),
  anyTarget('target-2', 'environment-2'),
  anyTarget('target-3', 'environment-1'),
);

/** What others do in the namespace; `environmentId` etc. of the edit are of the generated world. */
const foreignEdit = fc.oneof(
  fc.record({
    do: fc.constant('accounts' as const),
    accountName,
    list: fc.array(entry, { maxLength: 5 }),
  }),
  fc.record({ do: fc.constant('edit' as const), secretName }),
  fc.record({ do: fc.constant('delete' as const), secretName }),
  fc.record({ do: fc.constant('put' as const), secretName }),
);
type ForeignEdit = typeof foreignEdit extends fc.Arbitrary<infer T> ? T : never;

function make(world: SimulatedNamespace, edit: ForeignEdit): void {
  if (edit.do === 'accounts') world.setPullSecrets(edit.accountName, edit.list);
  else if (edit.do === 'edit') world.editSecret(edit.secretName, { digest: 'edited' });
  else if (edit.do === 'delete') world.secrets.delete(edit.secretName);
  else world.putForeign(edit.secretName);
}

/** Makes the plan's changes with foreign edits in between, and perhaps dies after the first. */
function applyDisturbed(
  world: SimulatedNamespace,
  wanted: readonly TargetInNamespace[],
  { edits, dies }: { edits: readonly ForeignEdit[]; dies: boolean },
): void {
  for (const [at, change] of planNamespace(world.view(wanted)).changes.entries()) {
    if (dies && at > 0) return;
    world.apply(change);
    const edit = edits[at];
    if (edit !== undefined) make(world, edit);
  }
}

/** Secrets of a target that should have none, beside what an heir of its environment keeps. */
function leftBehind(world: SimulatedNamespace, wanted: readonly TargetInNamespace[]): string[] {
  const isActive = (t: TargetInNamespace | undefined) =>
    t !== undefined && t.target.state === 'active' && t.selected;
  return [...world.secrets].flatMap(([name, secret]) => {
    const owner = wanted.find((t) => t.target.targetId === secret.targetId);
    if (!secret.ours || owner === undefined || isActive(owner)) return [];
    const heir = wanted.find(
      (t) =>
        isActive(t) &&
        t.target.problem !== null &&
        t.target.secretName === name &&
        t.target.environmentId === owner.target.environmentId,
    );
    return heir === undefined ? [name] : [];
  });
}

/** As the reconciler does it: one change refused by a newer version means a new plan. */
function converge(world: SimulatedNamespace, wanted: readonly TargetInNamespace[]): void {
  for (let round = 0; round < 20; round += 1) {
    const { changes } = planNamespace(world.view(wanted));
    if (changes.length === 0) return;
    for (const change of changes) if (!world.apply(change)) break;
  }
  expect.unreachable('does not converge');
}

const foreignOf = (world: SimulatedNamespace) =>
  [...world.secrets]
    .filter(([, secret]) => !secret.ours)
    .map(([name, { uid, digest }]) => ({ name, uid, digest }));

describe('planNamespace, for any world', () => {
  it('has nothing to change after its changes were made', () => {
    fc.assert(
      fc.property(targets, fc.array(foreignEdit, { maxLength: 8 }), (wanted, edits) => {
        const world = new SimulatedNamespace();
        for (const edit of edits) make(world, edit);
        converge(world, wanted);
        for (const [, verdict] of planNamespace(world.view(wanted)).verdicts) {
          expect(verdict?.state).not.toBe('pending');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('converges through any sequence of wishes with foreign edits between the writes', () => {
    const step = fc.tuple(targets, fc.array(foreignEdit, { maxLength: 3 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const world = new SimulatedNamespace();
        world.setPullSecrets('default', ['mine']);
        for (const [wanted, edits, dies] of steps) applyDisturbed(world, wanted, { edits, dies });
        const last = steps.at(-1)?.[0] ?? [];
        converge(world, last);
        expect(leftBehind(world, last)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('never changes a foreign Secret that nobody chose to adopt', () => {
    fc.assert(
      fc.property(targets, fc.array(foreignEdit, { maxLength: 8 }), (wanted, edits) => {
        const world = new SimulatedNamespace();
        for (const edit of edits) make(world, edit);
        const before = foreignOf(world);
        const unadopting = wanted.map((t) => ({ ...t, choice: null }));
        converge(world, unadopting);
        expect(foreignOf(world)).toEqual(before);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps foreign entries of every service account in number and order', () => {
    fc.assert(
      fc.property(targets, fc.array(foreignEdit, { maxLength: 8 }), (wanted, edits) => {
        const world = new SimulatedNamespace();
        for (const edit of edits) make(world, edit);
        const foreign = (list: readonly string[]) =>
          list.filter((name) => name === 'mine' || name === 'other');
        const before = [...world.accounts].map(([n, a]) => [n, foreign(a.imagePullSecrets)]);
        converge(world, wanted);
        const after = [...world.accounts].map(([n, a]) => [n, foreign(a.imagePullSecrets)]);
        expect(after).toEqual(before);
      }),
    );
  });

  it('does not depend on the order in which targets and objects are listed', () => {
    fc.assert(
      fc.property(targets, fc.array(foreignEdit, { maxLength: 8 }), (wanted, edits) => {
        const world = new SimulatedNamespace();
        for (const edit of edits) make(world, edit);
        const view = world.view(wanted);
        const reversed = {
          ...view,
          targets: view.targets.toReversed(),
          secrets: view.secrets.toReversed(),
          serviceAccounts: view.serviceAccounts.toReversed(),
        };
        expect(planNamespace(reversed).changes).toEqual(planNamespace(view).changes);
      }),
    );
  });

  it('never deletes a Secret that a service account still names after the plan', () => {
    fc.assert(
      fc.property(targets, targets, (first, second) => {
        const world = new SimulatedNamespace();
        for (const name of ['default', 'builder']) world.setPullSecrets(name, ['mine']);
        converge(world, first);
        for (const change of planNamespace(world.view(second)).changes) {
          if (change.object === 'secret' && change.action === 'delete') {
            const named = [...world.accounts.values()].flatMap((a) => a.imagePullSecrets);
            expect(named).not.toContain(change.name);
          }
          world.apply(change);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
