/**
 * reference-cel.ts and whitelist-admission.ts once more, in Rego (openpolicyagent.org), for
 * Gatekeeper: the same grammar, the same identities, the same look at what an update brings in.
 *
 * Written in the older syntax (Rego v0), which every Gatekeeper takes. Its regular expressions are
 * RE2 as well. The parameters are those of the constraint:
 *
 *   allowed     the entries; an image is allowed when one of its path prefixes is among them
 *   namespaces  three patterns that the namespace's name must match, or (`excluded`) must not
 */
import { dockerHubAliases, dockerHubRegistry } from '../docker-hub.js';
import { referenceMaxLength } from '../image-reference.js';
import { repositoryPathMaxLength } from '../repository-path.js';
import { imageIdPattern, registryPrefixPattern } from './decide-image.js';
import { fullNamePattern } from './reference-cel.js';

const otherAliases = dockerHubAliases.filter((alias) => alias !== dockerHubRegistry);

export const gatekeeperRego = `package moorage.imagepolicy

violation[{"msg": msg}] {
  selected(input.parameters, input.review.namespace)
  image := added[_]
  name := canonical(image)
  not allowed(name)
  msg := message(image, name)
}

selected(parameters, namespace) {
  regex.match(parameters.included, namespace)
  regex.match(parameters.granted, namespace)
  not regex.match(parameters.excluded, namespace)
}

# Only what an update brings in: what exists must stay editable.
added = images(pod_spec(input.review.object)) - known

known = images(pod_spec(input.review.oldObject)) {
  input.review.oldObject.spec
} else = images(pod_spec(input.review.oldObject)) {
  input.review.oldObject.template
} else = set() {
  true
}

pod_spec(object) = spec {
  input.review.kind.kind == "Pod"
  spec := object.spec
} else = spec {
  input.review.kind.kind == "CronJob"
  spec := object.spec.jobTemplate.spec.template.spec
} else = spec {
  input.review.kind.kind == "PodTemplate"
  spec := object.template.spec
} else = spec {
  spec := object.spec.template.spec
} else = {} {
  true
}

container_lists = {"containers", "initContainers", "ephemeralContainers"}

images(spec) = found {
  in_containers := {image | list := container_lists[_]; image := spec[list][_].image}
  in_volumes := {image | image := spec.volumes[_].image.reference}
  found := (in_containers | in_volumes) - {""}
}

# Registry and repository of a name, each part with its slash; "/" for what is no image name.
canonical(image) = "/" {
  regex.match(\`${imageIdPattern}\`, image)
} else = concat("", [name, "/"]) {
  full := with_registry(image)
  count(full) <= ${referenceMaxLength}
  regex.match(\`${fullNamePattern}\`, full)
  familiar := regex.find_n(\`^[^/]+/[^:@]+\`, full, 1)[0]
  normal := official(one_hub(familiar))
  count(normal) - indexof(normal, "/") - 1 <= ${repositoryPathMaxLength}
  name := identity(normal)
} else = "/" {
  true
}

with_registry(image) = image {
  regex.match(\`${registryPrefixPattern}\`, image)
} else = concat("", ["${dockerHubRegistry}/", image]) {
  true
}

# Inside a name only this alias is one, and only there a single component is an official image.
one_hub(name) = concat("", ["${dockerHubRegistry}/", trim_prefix(name, "index.docker.io/")]) {
  startswith(name, "index.docker.io/")
} else = name {
  true
}

official(name) = concat("", ["${dockerHubRegistry}/library/", trim_prefix(name, "${dockerHubRegistry}/")]) {
  regex.match(\`^docker\\.io/[^/]+$\`, name)
} else = name {
  true
}

hub_aliases = {${otherAliases.map((alias) => `"${alias}/"`).join(', ')}}

identity(name) = concat("", ["${dockerHubRegistry}/", trim_prefix(name, alias)]) {
  alias := hub_aliases[_]
  startswith(name, alias)
} else = name {
  true
}

entries = {entry | entry := input.parameters.allowed[_]}

allowed(name) {
  parts := split(trim_suffix(name, "/"), "/")
  prefixes := {concat("/", array.slice(parts, 0, depth + 1)) | parts[depth]}
  count(prefixes & entries) > 0
}

message(image, name) = sprintf("Image %q is not a valid image name, so no registry can be read from it. Correct the name.", [short(image)]) {
  name == "/"
} else = sprintf("Image %q may not run here: the whitelist of environment %s allows no such image of registry %q. %s", [short(image), input.parameters.environment, short(split(name, "/")[0]), input.parameters.advice]) {
  true
}

short(text) = concat("", [substring(text, 0, 119), "…"]) {
  count(text) > 120
} else = text {
  true
}
`;
