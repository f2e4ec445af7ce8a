/**
 * Why a node cannot load a file, as words that stay and as words for people. The parser's own words
 * quote the text in places, and the text holds passwords; these hold nothing of it.
 *
 * Sources: gopkg.in/yaml.v2 v2.4.0 `readerc.go`, `scannerc.go`, `parserc.go`, `decode.go`.
 *
 * Does not handle: values of the wrong kind; `describeType` says what is needed there.
 */
const sentences = {
  bareStar: 'the key * must be quoted: "*"',
  control: 'control characters are not allowed',
  deep: 'the document is nested too deeply',
  many: 'the document holds too many values',
  alias: 'an alias (*) has no name; quote a "*"',
  anchor: 'an alias (*) has no anchor before it',
  merge: 'a merge (<<) takes a mapping or a list of mappings',
  anchorName: 'an anchor (&) has no name of letters and digits; quote the text if it is none',
  recursion: 'an anchor (&) holds itself',
  directive: 'this directive is not supported',
  escape: 'unknown escape in a double-quoted text',
  indent: 'the indentation does not fit',
  start: 'this character cannot begin a text; quote it',
  nestedKey: 'a mapping is not allowed here; is a colon or a line break missing?',
  entry: 'a list entry is not allowed here; is a line break missing?',
  content: 'a value is missing here',
  missing: 'a quote, bracket, colon or comma is missing',
  longKey: 'a key must stand on one line; is a colon missing?',
  tab: 'tabs are not allowed for indentation',
  tag: 'the value does not fit its tag',
  unclosed: 'a quote that begins here is not closed',
  blockHeader: 'after | or > nothing may stand but +, - and one digit',
  afterDocument: 'unexpected text after the document',
} as const;

export type LoadProblem = keyof typeof sentences;

export function describeLoadProblem(problem: LoadProblem): string {
  return sentences[problem];
}

export const wantedKinds = {
  mapping: 'a mapping',
  list: 'a list',
  text: 'a text',
  key: 'a text as key',
  boolean: 'true or false without quotes',
} as const;

export const foundKinds = {
  scalar: 'a single value',
  list: 'a list',
  mapping: 'a mapping',
} as const;

export function describeType(
  wanted: keyof typeof wantedKinds,
  found: keyof typeof foundKinds,
): string {
  return `${wantedKinds[wanted]} is needed here, not ${foundKinds[found]}`;
}
