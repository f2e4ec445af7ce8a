/**
 * Why a text cannot be an endpoint, as a word that stays and as words for people.
 *
 * Source: Go `net/url`, whose own error messages quote the text; ours do not, it may hold a login.
 *
 * Does not handle: languages other than English.
 */
const sentences = {
  control: 'it holds a control character',
  scheme: 'it has no scheme that a URL can have',
  escape: 'its path has an invalid % escape',
  userinfo: 'the part before @ has characters that a URL cannot have',
  bracket: 'the closing ] of its address is missing',
  port: 'its port is not a number',
  host: 'its host has characters that a host cannot have',
  hostless: 'it has no host',
} as const;

export type UrlProblem = keyof typeof sentences;

export function describeUrlProblem(problem: UrlProblem): string {
  return sentences[problem];
}
