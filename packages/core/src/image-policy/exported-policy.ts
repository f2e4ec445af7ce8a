/** What every export is made from, and what it becomes. */
import { stringify } from 'yaml';
import type { GrantedSelection } from './cel-text.js';
import type { ImagePolicy } from './combine-policies.js';
import { type CompiledPolicy, compilePolicy } from './compile-policy.js';
import { needsDefaultRegistry } from './decide-image.js';

export interface ExportScope {
  /** Name of the environment; it is in the objects' names. */
  readonly environment: string;
  /** Of the environment's targets on the cluster. */
  readonly namespaces: readonly GrantedSelection[];
  /** As for `compilePolicy`. */
  readonly hash: (text: string) => string;
}

export interface NotExpressible {
  readonly code: string;
  readonly detail: string;
}

export interface ExportedPolicy {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly notExpressible: readonly NotExpressible[];
}

/** The policy as Kubernetes' own objects; of them only the specs go on. */
export function compileForExport(policy: ImagePolicy, scope: ExportScope): CompiledPolicy {
  return compilePolicy(policy, {
    // Not the name of what sync writes: both may be there, and neither is in the other's way.
    installationId: 'exported',
    environment: { id: '', name: scope.environment },
    namespaces: scope.namespaces,
    grants: null,
    hash: scope.hash,
  });
}

export function rewritesPods({ defaultRegistry, defaultRegistryAt }: ImagePolicy): boolean {
  return (
    defaultRegistryAt === 'pod' && defaultRegistry !== null && needsDefaultRegistry(defaultRegistry)
  );
}

/** Said whenever there is no whitelist to export. */
export function describeOff(policy: ImagePolicy): readonly NotExpressible[] {
  const isOff = policy.whitelist === null || policy.mode === 'off';
  const detail = 'The whitelist is off: nothing is refused, so there is nothing to export for it.';
  return isOff ? [{ code: 'policy.off', detail }] : [];
}

export function yamlFile(path: string, comments: readonly string[], objects: readonly unknown[]) {
  const head = comments.map((comment) => `# ${comment}\n`).join('');
  // Expressions are one line each, however long: folded, nobody could compare or paste them.
  const documents = objects.map((object) => stringify(object, { lineWidth: 0 }));
  return { path, content: `${head}${documents.join('---\n')}` };
}
