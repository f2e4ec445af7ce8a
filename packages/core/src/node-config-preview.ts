/**
 * What nodes would read after a change that nobody has saved yet, and what the step to it costs them.
 * Meant for the time while people type: a draft that could not be saved still has a preview, with a
 * diagnostic for each part that is left out.
 *
 * Works on a model whose secrets are masked: a new login is told from the stored one by a mark, never
 * by its value.
 *
 * Does not handle: what may be saved; the checks of registries and mirrors decide that.
 */
import type { AddressError } from './address-error.js';
import { canonicalRegistry } from './docker-hub.js';
import { readAtStart } from './node-agent/restart-need.js';
import { buildNodeConfig, type NodeConfigFormat } from './node-config/build-node-config.js';
import { compareNodeConfig } from './node-config/compare-node-config.js';
import { nodeFinding } from './node-config/finding.js';
import {
  maskedSecret,
  type NodeConfig,
  type NodeConfigDiagnostic,
  type NodeConfigMirror,
  type NodeConfigModel,
  type NodeConfigRegistry,
  type NodeFile,
  type RestartCost,
} from './node-config/model.js';
import { parseRegistryAddress } from './registry-host.js';
import { SecretText } from './secret-text.js';

export interface NodeConfigDraft {
  /** All mirrors as they would be, in order; undefined = as stored. */
  readonly mirrors?: readonly NodeConfigMirror[] | undefined;
  readonly registry?: RegistryDraft | undefined;
}

export interface RegistryDraft {
  /** As typed; a path in it is the scope of its login. */
  readonly address: string;
  readonly change: 'add' | 'remove' | 'login' | 'deliver-nodes' | 'deliver-pull-secret';
}

export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
}

export interface NodeConfigPreview {
  /** Masked. */
  readonly config: NodeConfig;
  /** Of the step from the stored config to this one, for nodes that are given these files. */
  readonly cost: 'none' | RestartCost;
  /** The same step where the node agent makes it; null for a format that it does not bring. */
  readonly costWithAgent: 'none' | RestartCost | null;
  readonly changedFiles: readonly ChangedFile[];
}

/** `stored` has masks in place of secrets. */
export function previewNodeConfig(
  stored: NodeConfigModel,
  draft: NodeConfigDraft,
  format: NodeConfigFormat,
): NodeConfigPreview {
  const drafted = draft.registry === undefined ? null : draftRegistry(stored, draft.registry);
  const next: NodeConfigModel = {
    mirrors: draft.mirrors?.map(readMirror) ?? stored.mirrors,
    registries: drafted?.registries ?? stored.registries,
  };
  const config = buildNodeConfig(next, { format, secrets: 'masked' });
  // `included` writes the marks of the model, so that a new login counts as a change of the file.
  const before = buildNodeConfig(stored, { format, secrets: 'included' }).files;
  const after = buildNodeConfig(next, { format, secrets: 'included' }).files;
  const cost = compareNodeConfig(before, after);
  return {
    config: { ...config, diagnostics: [...(drafted?.diagnostics ?? []), ...config.diagnostics] },
    cost,
    costWithAgent: costWithAgent(format, cost, { before, after }),
    changedFiles: changedFilesOf(before, after),
  };
}

/**
 * The agent writes what K3s and RKE2 would make of the file at their next start, so that mirrors and
 * certificates apply at once; only a change of logins still needs the start.
 */
function costWithAgent(
  format: NodeConfigFormat,
  cost: NodeConfigPreview['cost'],
  { before, after }: { before: readonly NodeFile[]; after: readonly NodeFile[] },
): NodeConfigPreview['costWithAgent'] {
  if (format === 'containerd-hosts') return cost;
  if (format !== 'k3s-registries.yaml' && format !== 'rke2-registries.yaml') return null;
  if (cost === 'none') return 'none';
  const distribution = format === 'k3s-registries.yaml' ? 'k3s' : 'rke2';
  const [old, next] = [before, after].map((files) => {
    const logins = files.find(({ path }) => path.endsWith('/registries.yaml'));
    return readAtStart(distribution, logins?.content ?? null);
  });
  return old === next ? 'live' : 'k3s';
}

/** As it would be saved; a name that could not be saved stays as typed and is reported by the renderer. */
function readMirror(mirror: NodeConfigMirror): NodeConfigMirror {
  const name = mirror.registry.trim();
  const parsed = name === '*' ? null : parseRegistryAddress(name);
  const isWhole = parsed?.ok === true && parsed.value.path === null;
  return {
    registry: isWhole ? canonicalRegistry(parsed.value.address) : name,
    endpoints: mirror.endpoints.map((endpoint) => endpoint.trim()),
    rewrites: mirror.rewrites,
  };
}

interface DraftedRegistries {
  readonly registries: readonly NodeConfigRegistry[];
  readonly diagnostics: readonly NodeConfigDiagnostic[];
}

function draftRegistry(
  { registries }: NodeConfigModel,
  { address: typed, change }: RegistryDraft,
): DraftedRegistries {
  const parsed = parseRegistryAddress(typed);
  if (!parsed.ok) return { registries, diagnostics: [unreadable(parsed.error)] };
  const { address, path, scheme } = parsed.value;
  const others = registries.filter((registry) => registry.address !== address);
  const own = registries.find((registry) => registry.address === address);
  if (change === 'remove') return { registries: others, diagnostics: [] };
  // What only changes delivery has nothing to change on a registry that is not there.
  if (own === undefined && change !== 'add' && change !== 'login') {
    return { registries, diagnostics: [] };
  }
  const base = own ?? newRegistry(address, scheme ?? 'https');
  return { registries: [...others, withChange(base, change, path)], diagnostics: [] };
}

function withChange(
  registry: NodeConfigRegistry,
  change: Exclude<RegistryDraft['change'], 'remove'>,
  scope: string | null,
): NodeConfigRegistry {
  switch (change) {
    case 'deliver-nodes':
      return { ...registry, deliver: 'nodes' };
    case 'deliver-pull-secret':
      return { ...registry, deliver: 'pull-secret' };
    case 'add':
    case 'login':
      return scope === null ? withNewLogin(registry) : withScope(registry, scope);
  }
}

const newLogin = SecretText.of(`${maskedSecret} (new)`);

function withNewLogin(registry: NodeConfigRegistry): NodeConfigRegistry {
  const username = registry.credential?.username ?? maskedSecret;
  return { ...registry, credential: { id: 'draft', username, password: newLogin } };
}

function withScope(registry: NodeConfigRegistry, scope: string): NodeConfigRegistry {
  const others = registry.scopedCredentials.filter((other) => other.scope !== scope);
  return { ...registry, scopedCredentials: [...others, { id: 'draft', scope }] };
}

function newRegistry(address: string, scheme: 'http' | 'https'): NodeConfigRegistry {
  return {
    id: 'draft',
    address,
    deliver: 'both',
    scheme,
    tls: { insecureSkipVerify: false },
    credential: null,
    scopedCredentials: [],
  };
}

function unreadable({ code, detail, suggestion }: AddressError): NodeConfigDiagnostic {
  // The text is not repeated: what is pasted as an address can hold a password.
  return nodeFinding('error', 'node-config.registry-address-invalid', 'registries', {
    message: `The registry is left out of this preview: ${detail}`,
    ...(suggestion !== undefined && { suggestion }),
    parameters: { reason: code },
  });
}

function changedFilesOf(
  before: readonly NodeFile[],
  after: readonly NodeFile[],
): readonly ChangedFile[] {
  const old = new Map(before.map(({ path, content }) => [path, content]));
  const next = new Map(after.map(({ path, content }) => [path, content]));
  return [...new Set([...old.keys(), ...next.keys()])].toSorted().flatMap((path): ChangedFile[] => {
    if (!next.has(path)) return [{ path, change: 'removed' }];
    if (!old.has(path)) return [{ path, change: 'added' }];
    return old.get(path) === next.get(path) ? [] : [{ path, change: 'changed' }];
  });
}
