import { describe, expect, it } from 'vitest';
import { SimulatedNamespace } from '../../test/simulated-namespace.js';
import type { DesiredTarget, NamespaceChange, NamespacePlan, TargetInNamespace } from './model.js';
import { planNamespace } from './plan-namespace.js';

const target: DesiredTarget = {
  targetId: 'target-1',
  environmentId: 'environment-1',
  secretName: 'moorage-prod',
  contentHash: 'hash-1',
  serviceAccounts: 'default',
  attach: 'service-account',
  state: 'active',
  problem: null,
};

function looking(
  change: Partial<DesiredTarget> = {},
  here: Partial<Omit<TargetInNamespace, 'target'>> = {},
): TargetInNamespace {
  const target_ = { ...target, ...change };
  return { target: target_, selected: true, choice: null, attachedName: null, ...here };
}

function word(change: NamespaceChange): string {
  if (change.object === 'secret') return `${change.action} secret ${change.name}: ${change.reason}`;
  return `account ${change.name} = [${change.imagePullSecrets.join(' ')}]`;
}

const words = (plan: NamespacePlan): string[] => plan.changes.map(word);
const said = (plan: NamespacePlan, id = 'target-1') => {
  const verdict = plan.verdicts.get(id);
  return verdict && [verdict.state, verdict.code];
};

function applyAll(world: SimulatedNamespace, ...targets: TargetInNamespace[]): string[] {
  const plan = planNamespace(world.view(targets));
  for (const change of plan.changes) expect(world.apply(change)).toBe(true);
  return words(plan);
}

function served(...accounts: string[][]): SimulatedNamespace {
  const world = new SimulatedNamespace();
  world.setPullSecrets('default', accounts[0] ?? []);
  applyAll(world, looking());
  return world;
}

describe('first time, rotation and rest', () => {
  it('writes the Secret, then names it beside what is there', () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', ['mine', 'other']);
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([
      'create secret moorage-prod: missing',
      'account default = [mine other moorage-prod]',
    ]);
    expect(said(plan)).toEqual(['pending', null]);
  });

  it('changes nothing the second time and says in-sync', () => {
    const world = served(['mine']);
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['in-sync', null]);
    expect(plan.verdicts.get('target-1')?.attachedName).toBe('moorage-prod');
  });

  it('rotates with one update in place', () => {
    const world = served();
    const before = world.secrets.get('moorage-prod')?.uid;
    expect(applyAll(world, looking({ contentHash: 'hash-2' }))).toEqual([
      'update secret moorage-prod: content changed',
    ]);
    expect(world.secrets.get('moorage-prod')?.uid).toBe(before);
  });

  it('creates the Secret while the service account does not exist yet', () => {
    expect(words(planNamespace(new SimulatedNamespace().view([looking()])))).toEqual([
      'create secret moorage-prod: missing',
    ]);
  });
});

describe('drift', () => {
  it.each([
    ['an edited value', { digest: 'edited' }, 'edited by somebody else'],
    ['a further key', { extraKeys: ['more'] }, 'edited by somebody else'],
    ['a changed environment mark', { environmentId: 'environment-9' }, 'marks differ'],
    ['a changed target mark', { targetId: null }, 'marks differ'],
    ['a changed content mark', { contentHash: 'x' }, 'marks differ'],
  ])('repairs %s with one update', (_name, edit, reason) => {
    const world = served();
    world.editSecret('moorage-prod', edit);
    expect(applyAll(world, looking())).toEqual([`update secret moorage-prod: ${reason}`]);
    expect(words(planNamespace(world.view([looking()])))).toEqual([]);
  });

  it('makes a deleted copy again with one create', () => {
    const world = served();
    world.secrets.delete('moorage-prod');
    expect(applyAll(world, looking())).toEqual(['create secret moorage-prod: missing']);
  });

  it('puts a removed entry back and collapses a doubled one', () => {
    const world = served(['a']);
    world.setPullSecrets('default', ['a', 'b']);
    expect(applyAll(world, looking())).toEqual(['account default = [a b moorage-prod]']);
    world.setPullSecrets('default', ['moorage-prod', 'a', 'a', 'moorage-prod']);
    expect(applyAll(world, looking())).toEqual(['account default = [moorage-prod a a]']);
  });

  it.each([
    [{ immutable: true, digest: 'x' }, 'secret.immutable'],
    [{ type: 'Opaque' }, 'secret.type-differs'],
  ])('says why %j cannot be repaired, and touches nothing', (edit, code) => {
    const world = served();
    world.editSecret('moorage-prod', edit);
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['failed', code]);
  });
});

describe('going away', () => {
  it('drops the reference before the Secret, and then has nothing to do there', () => {
    const world = served(['mine']);
    const removing = looking({ state: 'removing' }, { attachedName: 'moorage-prod' });
    expect(applyAll(world, removing)).toEqual([
      'account default = [mine]',
      'delete secret moorage-prod: target is being removed',
    ]);
    expect(said(planNamespace(world.view([removing])))).toBeNull();
  });

  it('keeps a foreign entry of our name where we never were', () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', ['moorage-prod']);
    const plan = planNamespace(world.view([looking({}, { selected: false })]));
    expect(words(plan)).toEqual([]);
  });

  it('drops our entry also when our Secret was deleted by hand', () => {
    const world = served();
    world.secrets.delete('moorage-prod');
    const removing = looking({ state: 'removing' }, { attachedName: 'moorage-prod' });
    expect(applyAll(world, removing)).toEqual(['account default = []']);
  });

  it('cleans the old name when the Secret is renamed', () => {
    const world = served(['mine']);
    const renamed = looking({ secretName: 'pulls' }, { attachedName: 'moorage-prod' });
    expect(applyAll(world, renamed)).toEqual([
      'create secret pulls: missing',
      'account default = [mine pulls]',
      'delete secret moorage-prod: renamed',
    ]);
    expect(words(planNamespace(world.view([renamed])))).toEqual([]);
  });

  it('leaves a namespace whose owner opts out, and says so', () => {
    const world = served(['mine']);
    world.ignored = true;
    expect(applyAll(world, looking())).toEqual([
      'account default = [mine]',
      'delete secret moorage-prod: namespace opted out',
    ]);
    expect(said(planNamespace(world.view([looking()])))).toEqual([
      'ignored',
      'namespace.opted-out',
    ]);
  });

  it('leaves a service account whose owner opts out', () => {
    const world = served(['mine']);
    world.setPullSecrets('default', ['mine', 'moorage-prod'], true);
    expect(applyAll(world, looking())).toEqual(['account default = [mine]']);
    expect(said(planNamespace(world.view([looking()])))).toEqual(['in-sync', null]);
  });

  it('leaves the service accounts when it attaches to none any more', () => {
    const world = served(['mine']);
    expect(applyAll(world, looking({ attach: 'none' }))).toEqual(['account default = [mine]']);
  });

  it('does nothing in a namespace that is being deleted', () => {
    const world = new SimulatedNamespace();
    world.terminating = true;
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['ignored', 'namespace.terminating']);
  });

  it('deletes a pull secret with our marks that belongs to no target', () => {
    const world = served();
    expect(applyAll(world)).toEqual([
      'account default = []',
      'delete secret moorage-prod: belongs to no target',
    ]);
  });

  it('hands the Secret to the target that follows one that is being removed', () => {
    const world = served(['mine']);
    const next = looking({ targetId: 'target-2' });
    expect(applyAll(world, looking({ state: 'removing' }), next)).toEqual([
      'update secret moorage-prod: marks differ',
    ]);
    expect(world.accounts.get('default')?.imagePullSecrets).toEqual(['mine', 'moorage-prod']);
  });
});

describe('foreign Secrets of our name', () => {
  const conflicted = () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', []);
    world.putForeign('moorage-prod');
    world.knownForeign.add('moorage-prod');
    return world;
  };

  it('are a conflict and stay as they are', () => {
    const plan = planNamespace(conflicted().view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['conflict', 'secret.foreign']);
  });

  it('are left alone without further notice when people say skip', () => {
    const plan = planNamespace(conflicted().view([looking({}, { choice: 'skip' })]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['ignored', 'secret.skipped']);
  });

  it('become ours in place when people say adopt', () => {
    const world = conflicted();
    const adopting = looking({}, { choice: 'adopt' });
    expect(applyAll(world, adopting)).toEqual([
      'update secret moorage-prod: adopted',
      'account default = [moorage-prod]',
    ]);
    expect(said(planNamespace(world.view([adopting])))).toEqual(['in-sync', null]);
  });

  it('keep the entry that names them when our target goes', () => {
    const world = conflicted();
    world.setPullSecrets('default', ['moorage-prod']);
    const removing = looking({ state: 'removing' }, { attachedName: 'moorage-prod' });
    expect(words(planNamespace(world.view([removing])))).toEqual([]);
  });
});

describe('several targets in one namespace', () => {
  const second = { targetId: 'target-2', environmentId: 'environment-2' };

  it('serve it beside each other with one write to the service account', () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', ['mine']);
    const other = looking({ ...second, secretName: 'moorage-dev' });
    expect(applyAll(world, other, looking())).toEqual([
      'create secret moorage-prod: missing',
      'create secret moorage-dev: missing',
      'account default = [mine moorage-dev moorage-prod]',
    ]);
    expect(words(planNamespace(world.view([looking(), other])))).toEqual([]);
  });

  it('do not fight for one name: who has it keeps it, the other one is told', () => {
    const world = new SimulatedNamespace();
    const other = looking({ ...second, contentHash: 'hash-9' });
    applyAll(world, other);
    const plan = planNamespace(world.view([looking(), other]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['conflict', 'secret.taken']);
    expect(said(plan, 'target-2')).toEqual(['in-sync', null]);
  });
});

describe('a target with a problem', () => {
  const problem = { code: 'secret.too-large', detail: 'too large' };

  it('keeps what is there and says why', () => {
    const world = served();
    const plan = planNamespace(world.view([looking({ contentHash: 'hash-2', problem })]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['failed', 'secret.too-large']);
  });

  it('does not name a Secret that does not exist', () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', []);
    expect(words(planNamespace(world.view([looking({ problem })])))).toEqual([]);
  });
});

describe('objects that refuse a change for good', () => {
  const reason = { code: 'cluster.forbidden', detail: 'may not' };

  it('are not tried again, and the target says why', () => {
    const world = served(['mine']);
    world.setPullSecrets('default', ['mine']);
    world.blocked.set('service-account/default', reason);
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['failed', 'cluster.forbidden']);
  });

  it('keep the Secret while a service account that cannot be changed names it', () => {
    const world = served(['mine']);
    world.blocked.set('service-account/default', reason);
    const plan = planNamespace(world.view([looking({ state: 'removing' })]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['failed', 'cluster.forbidden']);
  });

  it('do not get a reference to a Secret that could not be made', () => {
    const world = new SimulatedNamespace();
    world.setPullSecrets('default', ['mine']);
    world.blocked.set('secret/moorage-prod', reason);
    const plan = planNamespace(world.view([looking()]));
    expect(words(plan)).toEqual([]);
    expect(said(plan)).toEqual(['failed', 'cluster.forbidden']);
  });
});
