/**
 * May this image run, and under which name. The one decision that everything asks: the console,
 * the API, impact reports; the admission policies of compile-policy.ts are its translation.
 *
 * A name without a registry gets the default registry in front, as written (`nginx` →
 * `reg.io/nginx`, no `library/`). Then the whitelist decides on the registry's identity, so that
 * Docker Hub's names are one, and on whole path components.
 *
 * The default registry is applied whatever `defaultRegistryAt` says, because the question is about
 * something made now. What runs already, and with `workload` what reaches a cluster past us, is
 * judged as it is written: ask with `judgedAsWritten(policy)`.
 *
 * Does not handle an empty name: the API server refuses it in pods and ignores it in templates.
 */
import { canonicalRegistry, dockerHubRegistry } from '../docker-hub.js';
import { type ImageReferenceError, parseImageReference } from '../image-reference.js';
import type { ImagePolicy } from './combine-policies.js';
import { entryCovers, formatPolicyEntry, type PolicyEntry } from './policy-entry.js';
import { formatWhitelist, type Whitelist } from './whitelist.js';

export type DecisionRule =
  /** The whitelist or its mode is off. */
  | { readonly kind: 'no-whitelist' }
  | { readonly kind: 'default-registry' | 'whitelist-entry'; readonly entry: string }
  | { readonly kind: 'not-listed' }
  | { readonly kind: 'not-an-image-name'; readonly error: ImageReferenceError };

export interface ImageDecision {
  readonly outcome: 'allowed' | 'rewritten' | 'denied';
  /** What would run, or was refused. */
  readonly image: string;
  /** The name as written, when the default registry was put in front. */
  readonly rewrittenFrom?: string;
  /** Identity of the registry; null when the name cannot be read. */
  readonly registry: string | null;
  readonly rule: DecisionRule;
  /** Whether clusters refuse it: the outcome is `denied` and the mode `enforce`. */
  readonly enforced: boolean;
  /** One or two sentences: what was decided by what, and what to do. */
  readonly reason: string;
}

/** As distribution/reference `splitDockerDomain`: which first component is a registry. */
export const registryPrefixPattern = '^(?:localhost|[^/]*[.:A-Z][^/]*)/';
/** An image id is no name, and must not become one by a prefix. */
export const imageIdPattern = '^[a-f0-9]{64}$';

const registryPrefix = new RegExp(registryPrefixPattern);
const imageId = new RegExp(imageIdPattern);

export function decideImage(image: string, policy: ImagePolicy): ImageDecision {
  const name = applyDefaultRegistry(image, policy.defaultRegistry);
  const base = name === image ? { image } : { image: name, rewrittenFrom: image };
  const isEnforced = policy.mode === 'enforce' && policy.whitelist !== null;
  const parsed = parseImageReference(name);
  if (!parsed.ok) {
    const asWritten = parseImageReference(image);
    const error = asWritten.ok ? parsed.error : asWritten.error;
    const reason = `${quote(name)} is not a valid image name. ${error.detail}`;
    const rule = { kind: 'not-an-image-name', error } as const;
    return { outcome: 'denied', ...base, registry: null, rule, enforced: isEnforced, reason };
  }
  const registry = canonicalRegistry(parsed.value.registry);
  const rule = findRule(policy, (entry) => entryCovers(entry, parsed.value));
  const isDenied = rule.kind === 'not-listed';
  return {
    outcome: isDenied ? 'denied' : name === image ? 'allowed' : 'rewritten',
    ...base,
    registry,
    rule,
    enforced: isDenied && isEnforced,
    reason: explain(rule, registry, policy.whitelist),
  };
}

/** The policy for images that exist: nothing is put in front of their names any more. */
export function judgedAsWritten(policy: ImagePolicy): ImagePolicy {
  return { ...policy, defaultRegistry: null };
}

/** The name with the default registry in front if it names none; an image id stays what it is. */
export function applyDefaultRegistry(image: string, defaultRegistry: PolicyEntry | null): string {
  if (defaultRegistry === null || !needsDefaultRegistry(defaultRegistry)) return image;
  const isBare = image !== '' && !registryPrefix.test(image) && !imageId.test(image);
  return isBare ? `${formatPolicyEntry(defaultRegistry)}/${image}` : image;
}

/** False for plain Docker Hub, where names without a registry are anyway. */
export function needsDefaultRegistry({ registry, path }: PolicyEntry): boolean {
  return registry !== dockerHubRegistry || path !== '';
}

function findRule(policy: ImagePolicy, covers: (entry: PolicyEntry) => boolean): DecisionRule {
  const { whitelist, defaultRegistry, mode } = policy;
  if (whitelist === null || mode === 'off') return { kind: 'no-whitelist' };
  const entry = whitelist.find(covers);
  if (entry === undefined) return { kind: 'not-listed' };
  const name = formatPolicyEntry(entry);
  const isDefault = defaultRegistry !== null && formatPolicyEntry(defaultRegistry) === name;
  return { kind: isDefault ? 'default-registry' : 'whitelist-entry', entry: name };
}

function explain(rule: DecisionRule, registry: string, whitelist: Whitelist | null): string {
  switch (rule.kind) {
    case 'no-whitelist':
      return 'No whitelist is in force.';
    case 'default-registry':
      return `${rule.entry} is the default registry, which is always allowed.`;
    case 'whitelist-entry':
      return `The whitelist allows ${rule.entry}.`;
    case 'not-an-image-name':
      return rule.error.detail;
    case 'not-listed':
      return `The whitelist allows no such image of ${quote(registry)}. ${describeAllowed(whitelist ?? [])}`;
  }
}

// Five entries are enough to see which registries are meant; a message must stay readable.
const shownEntries = 5;

/** What to use in place of a refused image. */
export function describeAllowed(whitelist: Whitelist): string {
  if (whitelist.length === 0) return 'Nothing is allowed at present.';
  const shown = formatWhitelist(whitelist.slice(0, shownEntries)).replaceAll(',', ', ');
  const more = whitelist.length - shownEntries;
  return `Use an image of ${shown}${more > 0 ? ` or ${more} more on the list` : ''}, or ask an owner of the environment to allow this one.`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}
