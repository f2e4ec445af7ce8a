/**
 * Login commands as people paste them from a registry's "how to pull" page:
 *
 *   docker login [-u NAME] [-p SECRET | --password-stdin] [SERVER]      also podman, nerdctl, …
 *   echo SECRET | docker login … --password-stdin        docker login … --password-stdin <<< SECRET
 *   kubectl create secret docker-registry NAME --docker-server= --docker-username= --docker-password=
 *
 * Sources: docker/cli `login.go`, podman-login(1), `kubectl create secret docker-registry --help`.
 * Nothing is run. A secret that only another command or a variable would deliver is left open.
 */
import { type ShellToken, splitShellWords } from './shell-words.js';

export interface LoginCommand {
  /** Empty when the command names none, which means Docker Hub. */
  readonly server: string;
  readonly username: string;
  /** Null when the command does not contain it. */
  readonly password: string | null;
}

interface Word {
  readonly text: string;
  readonly isExpansion: boolean;
}

interface SimpleCommand {
  readonly words: readonly Word[];
  /** What arrives on standard input, as far as the text says. */
  readonly input: string | null;
}

const loginPrograms: ReadonlySet<string> = new Set([
  'buildah',
  'crane',
  'docker',
  'helm',
  'nerdctl',
  'oras',
  'podman',
  'regctl',
  'skopeo',
]);

const commandLine =
  /^[ \t$#%>]*(?:sudo[ \t]+)?(?:[\w./-]*\/)?(?:buildah|crane|docker|helm|nerdctl|oras|podman|regctl|skopeo|kubectl|echo|printf|cat|aws|az|gcloud|doctl|ibmcloud)[ \t]/m;

/** True for a text that is a command, not a document. */
export function looksLikeCommand(text: string): boolean {
  return commandLine.test(text) && /\blogin\b|\bdocker-registry\b/.test(text);
}

/** Null when a quote is not closed; an empty list when no command logs in. */
export function parseLoginCommands(text: string): readonly LoginCommand[] | null {
  const tokens = splitShellWords(text);
  if (tokens === null) return null;
  return splitCommands(tokens)
    .map(readCommand)
    .filter((command) => command !== null);
}

function splitCommands(tokens: readonly ShellToken[]): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let piped: string | null = null;
  let segment: ShellToken[] = [];
  for (const token of [...tokens, { kind: 'operator', text: ';' } as const]) {
    if (token.kind === 'word' || token.text === '<<<') {
      segment.push(token);
      continue;
    }
    const command = readSegment(segment, piped);
    if (command.words.length > 0) commands.push(command);
    piped = token.text === '|' ? printedText(command.words) : null;
    segment = [];
  }
  return commands;
}

function readSegment(tokens: readonly ShellToken[], piped: string | null): SimpleCommand {
  const here = tokens.findIndex(({ kind }) => kind === 'operator');
  const source = here < 0 ? undefined : tokens[here + 1];
  const words = tokens
    .filter((_, index) => here < 0 || (index !== here && index !== here + 1))
    .filter((token) => token.kind === 'word');
  if (source?.kind !== 'word') return { words, input: piped };
  return { words, input: source.isExpansion ? null : source.text };
}

/** What `echo` or `printf %s` prints; null for any other program. */
function printedText(words: readonly Word[]): string | null {
  const [program, ...rest] = withoutPrompt(words);
  if (program?.text !== 'echo' && program?.text !== 'printf') return null;
  const texts = rest.filter(({ text }) => !/^(?:-[neE]+|'?%s(?:\\n)?'?)$/.test(text));
  const only = texts.length === 1 ? texts[0] : undefined;
  return only === undefined || only.isExpansion ? null : only.text;
}

function withoutPrompt(words: readonly Word[]): readonly Word[] {
  const start = words.findIndex(({ text }) => !['$', '#', '%', '>', 'sudo'].includes(text));
  return start < 0 ? [] : words.slice(start);
}

function readCommand(command: SimpleCommand): LoginCommand | null {
  const words = withoutPrompt(command.words);
  const program = words[0]?.text.split('/').at(-1) ?? '';
  // `login`, or behind a group: `helm registry login`, `crane auth login`.
  const isGrouped = ['registry', 'auth'].includes(words[1]?.text ?? '');
  const login = isGrouped ? 2 : 1;
  if (loginPrograms.has(program) && words[login]?.text === 'login') {
    return readLogin(words.slice(login + 1), command.input);
  }
  const isSecret = program === 'kubectl' && words.some(({ text }) => text === 'docker-registry');
  return isSecret ? readCreateSecret(words) : null;
}

// Flags of the login programs that take no value; every other flag takes the next word.
const bareFlags: ReadonlySet<string> = new Set([
  '--insecure',
  '--password-stdin',
  '--plain-http',
  '--tls-verify',
  '--verbose',
  '-v',
]);

function readLogin(words: readonly Word[], input: string | null): LoginCommand {
  const { flags, rest } = readFlags(words);
  const password = flags.get('--password') ?? flags.get('-p');
  const username = flags.get('--username') ?? flags.get('-u');
  return {
    server: rest[0]?.text ?? '',
    username: username?.text ?? '',
    password: password === undefined ? input : knownText(password),
  };
}

function readCreateSecret(words: readonly Word[]): LoginCommand {
  const { flags } = readFlags(words);
  const password = flags.get('--docker-password');
  return {
    server: flags.get('--docker-server')?.text ?? '',
    username: flags.get('--docker-username')?.text ?? '',
    password: password === undefined ? null : knownText(password),
  };
}

function knownText({ text, isExpansion }: Word): string | null {
  return isExpansion || text === '' ? null : text;
}

interface Flag {
  readonly name: string;
  readonly value: Word | null;
}

interface Flags {
  readonly flags: ReadonlyMap<string, Word>;
  readonly rest: readonly Word[];
}

function readFlags(words: readonly Word[]): Flags {
  const flags = new Map<string, Word>();
  const rest: Word[] = [];
  let pending: string | null = null;
  for (const word of words) {
    const flag: Flag | null = pending === null ? splitFlag(word) : null;
    if (pending !== null) {
      flags.set(pending, word);
      pending = null;
    } else if (flag === null) {
      rest.push(word);
    } else if (flag.value !== null) {
      flags.set(flag.name, flag.value);
    } else if (!bareFlags.has(flag.name)) {
      pending = flag.name;
    }
  }
  return { flags, rest };
}

/** `--name=value`, `--name`, `-u`, and a value glued to its letter: `-uname`, `-psecret`. */
function splitFlag(word: Word): Flag | null {
  const long = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word.text);
  const short = /^(-[up])(.*)$/s.exec(word.text);
  const name = long?.[1] ?? short?.[1];
  if (name === undefined) return null;
  const glued = long === null ? short?.[2]?.replace(/^=/, '') : long[2];
  if (glued === undefined || (glued === '' && long === null)) return { name, value: null };
  // The word as a whole was no expansion because of the flag in front of it.
  const isExpansion = /^(?:\$[A-Za-z_]\w*|\$\{.*\}|\$\(.*\)|`.*`)$/s.test(glued);
  return { name, value: { text: glued, isExpansion } };
}
