/**
 * Test double: one namespace of an API server, with what the plan relies on (names are unique,
 * versions grow, a write under an old version is refused, marks decide what we see).
 */
import type {
  ForeignSecret,
  NamespaceChange,
  NamespaceView,
  ObservedSecret,
  ObservedServiceAccount,
  Reason,
  TargetInNamespace,
} from '../src/sync-plan/model.js';

export interface StoredSecret extends Omit<ObservedSecret, 'name'> {
  readonly ours: boolean;
}

export class SimulatedNamespace {
  readonly secrets = new Map<string, StoredSecret>();
  readonly accounts = new Map<string, Omit<ObservedServiceAccount, 'name'>>();
  ignored = false;
  terminating = false;
  /** Names that an attempt to create has found taken. */
  readonly knownForeign = new Set<string>();
  /** Objects that refuse every change. */
  readonly blocked = new Map<string, Reason>();
  #version = 0;

  nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }

  putForeign(name: string): void {
    const version = this.nextVersion();
    this.secrets.set(name, {
      ours: false,
      uid: `foreign-${version}`,
      resourceVersion: version,
      type: 'Opaque',
      immutable: false,
      environmentId: null,
      targetId: null,
      contentHash: null,
      digest: `foreign-${version}`,
      extraKeys: [],
    });
  }

  editSecret(name: string, edit: Partial<StoredSecret>): void {
    const present = this.secrets.get(name);
    if (present === undefined) return;
    this.secrets.set(name, { ...present, ...edit, resourceVersion: this.nextVersion() });
  }

  setPullSecrets(name: string, imagePullSecrets: readonly string[], ignored = false): void {
    const uid = this.accounts.get(name)?.uid ?? `account-${name}`;
    const resourceVersion = this.nextVersion();
    this.accounts.set(name, {
      uid,
      resourceVersion,
      imagePullSecrets,
      ignored,
      terminating: false,
    });
  }

  view(targets: readonly TargetInNamespace[]): NamespaceView {
    const all = [...this.secrets].map(([name, secret]) => ({ name, ...secret }));
    const foreignSecrets = new Map<string, ForeignSecret>(
      all
        .filter((secret) => !secret.ours && this.knownForeign.has(secret.name))
        .map(({ name, uid, resourceVersion }) => [name, { uid, resourceVersion }]),
    );
    return {
      namespace: { name: 'team-a', terminating: this.terminating, ignored: this.ignored },
      targets,
      secrets: all.filter((secret) => secret.ours),
      foreignSecrets,
      blocked: this.blocked,
      serviceAccounts: [...this.accounts].map(([name, account]) => ({ name, ...account })),
    };
  }

  /** False when the API server would answer 409. */
  apply(change: NamespaceChange): boolean {
    if (change.object === 'service-account') {
      const account = this.accounts.get(change.name);
      if (account?.resourceVersion !== change.resourceVersion) return false;
      this.setPullSecrets(change.name, change.imagePullSecrets, account.ignored);
      return true;
    }
    const present = this.secrets.get(change.name);
    if (change.action === 'delete') {
      if (present?.uid !== change.uid) return false;
      return this.secrets.delete(change.name);
    }
    const expected = change.action === 'create' ? undefined : change.resourceVersion;
    if (present?.resourceVersion !== expected) {
      if (present?.ours === false) this.knownForeign.add(change.name);
      return false;
    }
    const { environmentId, targetId, contentHash } = change;
    this.secrets.set(change.name, {
      ours: true,
      uid: present?.uid ?? `secret-${this.nextVersion()}`,
      resourceVersion: this.nextVersion(),
      type: 'kubernetes.io/dockerconfigjson',
      immutable: false,
      environmentId,
      targetId,
      contentHash,
      digest: contentHash,
      extraKeys: [],
    });
    return true;
  }
}
