/**
 * The scope of a credential: a prefix of repository paths on one registry. `team-a` serves
 * `team-a` and `team-a/app`, not `team-ab/app`. Empty means the whole registry.
 *
 *   scope := "" | component *("/" component)          (components as in repository-path.ts)
 *
 * Does not handle wildcards: a prefix at a path boundary is all that pull secrets can express.
 */
import { findBadComponent, repositoryPathMaxLength } from './repository-path.js';
import { Err, Ok, type Result } from './result.js';

export interface CredentialScopeError {
  readonly code:
    | 'scope.too-long'
    | 'scope.upper-case'
    | 'scope.wildcard'
    | 'scope.has-tag'
    | 'scope.bad-component';
  readonly detail: string;
  readonly suggestion?: string;
}

/** Canonical scope: without blanks around and slashes at the ends. */
export function parseCredentialScope(text: string): Result<string, CredentialScopeError> {
  // Checked first so that nothing below works on unbounded input.
  if (text.length > repositoryPathMaxLength * 4) return Err(tooLong());
  const scope = stripSlashes(text.trim());
  if (scope === '') return Ok('');
  if (scope.length > repositoryPathMaxLength) return Err(tooLong());
  const bad = findBadComponent(scope);
  return bad === null ? Ok(scope) : Err(explainBadScope(scope, bad));
}

/** True when the repository is the scope itself or lies below it. */
export function scopeContains(scope: string, repository: string): boolean {
  return scope === '' || repository === scope || repository.startsWith(`${scope}/`);
}

function stripSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '/') start += 1;
  while (end > start && text[end - 1] === '/') end -= 1;
  return text.slice(start, end);
}

function tooLong(): CredentialScopeError {
  return {
    code: 'scope.too-long',
    detail: `A repository path has at most ${repositoryPathMaxLength} characters.`,
  };
}

function explainBadScope(scope: string, bad: string): CredentialScopeError {
  if (scope.includes('*')) {
    return withSuggestion(
      'scope.wildcard',
      'A scope is a plain prefix; everything below it is included.',
      scope.slice(0, scope.indexOf('*')),
    );
  }
  const cut = scope.search(/[:@]/);
  if (cut >= 0) {
    return withSuggestion(
      'scope.has-tag',
      'A scope holds no tag and no digest.',
      scope.slice(0, cut),
    );
  }
  if (bad !== bad.toLowerCase()) {
    return withSuggestion(
      'scope.upper-case',
      'Repository names are lower case.',
      scope.toLowerCase(),
    );
  }
  return {
    code: 'scope.bad-component',
    detail:
      'Each part between slashes is lower-case letters and digits, separated by one dot, one or two underscores, or dashes.',
  };
}

/** A suggestion is given only if it would be accepted. */
function withSuggestion(
  code: CredentialScopeError['code'],
  detail: string,
  candidate: string,
): CredentialScopeError {
  const suggestion = stripSlashes(candidate);
  const usable = suggestion !== '' && findBadComponent(suggestion) === null;
  return usable ? { code, detail, suggestion } : { code, detail };
}
