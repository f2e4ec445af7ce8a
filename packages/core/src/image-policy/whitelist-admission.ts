/**
 * The whitelist as ValidatingAdmissionPolicy.
 *
 * Everything that chooses an image is asked: pods, their ephemeral containers (a subresource) and
 * all built-in templates; in them containers, init and ephemeral containers and image volumes.
 * Only images that an update brings in are judged: otherwise labels, finalizers and replicas of
 * what exists could no longer be changed. Empty names are legal in templates and never run.
 *
 * Bare names: in pods they are Docker Hub's, because the default registry was put in front before
 * validation (so a lost mutation refuses and does not let through); templates are not mutated, and
 * are judged by what their pods will be.
 *
 * The list is a map literal looked up once per path depth: a list with `startsWith` exceeds the
 * API server's cost limit at a few hundred entries × containers. Messages are cut, because one of
 * more than a few KiB, or with a line break, is dropped by the API server.
 */
import type { ResourceRule } from './admission-objects.js';
import { resourceRule } from './admission-objects.js';
import { celString } from './cel-text.js';
import type { ImagePolicy } from './combine-policies.js';
import { describeAllowed, needsDefaultRegistry } from './decide-image.js';
import { formatPolicyEntry } from './policy-entry.js';
import { celCanonicalName, celPrefix } from './reference-cel.js';
import type { Whitelist } from './whitelist.js';

export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

export const whitelistRules: readonly ResourceRule[] = [
  resourceRule('', ['pods', 'pods/ephemeralcontainers', 'replicationcontrollers', 'podtemplates']),
  resourceRule('apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets']),
  resourceRule('batch', ['jobs', 'cronjobs']),
];

// The API server takes at most 100,000 code points in one expression; half leaves room for quotes.
const entriesMaxLength = 50_000;

const specOf = [
  `o == null ? dyn({})`,
  `request.kind.kind == 'Pod' ? o.?spec.orValue({})`,
  `request.kind.kind == 'CronJob' ? o.?spec.?jobTemplate.?spec.?template.?spec.orValue({})`,
  `request.kind.kind == 'PodTemplate' ? o.?template.?spec.orValue({})`,
  `o.?spec.?template.?spec.orValue({})`,
].join(' : ');

const imagesOf = [
  `(s.?containers.orValue([]) + s.?initContainers.orValue([]) + s.?ephemeralContainers.orValue([])).map(c, c.?image.orValue(''))`,
  `s.?volumes.orValue([]).map(v, v.?image.?reference.orValue(''))`,
].join(' + ');

/** `refused` is the result: one `{image, name}` for each image that is not allowed. */
export function whitelistVariables(policy: ImagePolicy): readonly CelVariable[] {
  const whitelist = policy.whitelist ?? [];
  const tables = splitEntries(whitelist).map((entries, index) => ({
    name: `allowed${index}`,
    expression: `{${entries.map((entry) => `${celString(entry)}: true`).join(', ')}}`,
  }));
  const depths = new Set(whitelist.map((entry) => formatPolicyEntry(entry).split('/').length));
  const lookups = [...depths]
    .sort((a, b) => a - b)
    .flatMap((depth) =>
      tables.map(({ name }) => `${celPrefix('j.name', depth)} in variables.${name}`),
    );
  return [
    { name: 'specs', expression: `[dyn(object), dyn(oldObject)].map(o, ${specOf})` },
    { name: 'images', expression: `variables.specs.map(s, ${imagesOf})` },
    {
      name: 'added',
      expression: `variables.images[0].filter(i, i != '' && !(i in variables.images[1]))`,
    },
    {
      name: 'judged',
      expression: `variables.added.map(i, {'image': string(i), 'name': ${celCanonicalName(barePrefix(policy))}})`,
    },
    ...tables,
    {
      name: 'refused',
      expression: `variables.judged.filter(j, !(${lookups.join(' || ') || 'false'}))`,
    },
  ];
}

/** Says which image, which registry, what to do, and by which revision of which policy. */
export function refusalMessage(
  whitelist: Whitelist,
  environment: string,
  signature: string,
): string {
  const cut = (text: string) => `(size(${text}) > 120 ? ${text}.substring(0, 119) + '…' : ${text})`;
  const image = `strings.quote(${cut('j.image')})`;
  const registry = `[j.name.split('/')[0]].map(r, strings.quote(${cut('r')}))[0]`;
  const others = `(size(variables.refused) > 1 ? ' (and ' + string(size(variables.refused) - 1) + ' more)' : '')`;
  const notListed = `' may not run here: the whitelist of environment ${environment} allows no such image of registry ' + ${registry} + ${celString(`. ${describeAllowed(whitelist)}`)}`;
  const unreadable = celString(
    ' is not a valid image name, so no registry can be read from it. Correct the name.',
  );
  const text = `'Image ' + ${image} + ${others} + (j.name == '/' ? ${unreadable} : ${notListed}) + ${celString(` [${signature}]`)}`;
  return `[variables.refused[0]].map(j, ${text})[0]`;
}

function barePrefix({ defaultRegistry, defaultRegistryAt }: ImagePolicy): string {
  const hub = celString('docker.io/');
  if (
    defaultRegistry === null ||
    defaultRegistryAt === 'workload' ||
    !needsDefaultRegistry(defaultRegistry)
  ) {
    return hub;
  }
  const prefix = celString(`${formatPolicyEntry(defaultRegistry)}/`);
  return `(request.kind.kind == 'Pod' ? ${hub} : ${prefix})`;
}

function splitEntries(whitelist: Whitelist): readonly (readonly string[])[] {
  const tables: string[][] = [];
  let length = entriesMaxLength;
  for (const entry of whitelist) {
    const key = `${formatPolicyEntry(entry)}/`;
    // Quotes, colon, `true`, comma and blanks.
    length += key.length + 10;
    if (length > entriesMaxLength) {
      tables.push([]);
      length = key.length;
    }
    tables.at(-1)?.push(key);
  }
  return tables;
}
