/**
 * The path half of an image name: one or more components joined by `/`.
 *
 *   path      := component *("/" component)
 *   component := alnum *(separator alnum)        alnum := [a-z0-9]+
 *   separator := "." | "_" | "__" | "-"+
 *
 * Source: distribution/reference `regexp.go` and `reference.go` (v0.6.0), which containerd and
 * the kubelet use. Credential scopes obey the same grammar because they are prefixes of it.
 */

/** distribution/reference `RepositoryNameTotalLengthMax`. */
export const repositoryPathMaxLength = 255;

const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** True for one component of a repository path. */
export function isRepositoryComponent(text: string): boolean {
  return componentPattern.test(text);
}

/** The first component that breaks the grammar, or null when the whole path is good. */
export function findBadComponent(path: string): string | null {
  for (const component of path.split('/')) {
    if (!isRepositoryComponent(component)) return component;
  }
  return null;
}
