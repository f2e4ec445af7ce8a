/** What a command is, and what it is given of the process. */
export interface CommandIo {
  /** Reads a whole file; `-` is standard input. */
  readonly readText: (path: string) => Promise<string>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** On a terminal, text from files is shown without control characters. */
  readonly isTerminal: boolean;
}

export type ExitCode = 0 | 1 | 2;

export interface Command {
  /** The words that call it. */
  readonly name: readonly string[];
  readonly synopsis: string;
  readonly summary: string;
  readonly run: (args: readonly string[], io: CommandIo) => Promise<ExitCode>;
}
