/**
 * Cuts a byte stream into lines (a watch is one JSON document per line). Works on bytes, so that a
 * character split between two chunks is never decoded in halves, and refuses a line that never
 * ends.
 */
const newline = 0x0a;

export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number, onLine: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) break;
      this.#emit(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  #emit(tail: Buffer): void {
    if (this.#heldBytes === 0) {
      this.#check(tail.length);
      if (tail.length > 0) this.#onLine(tail.toString('utf8'));
      return;
    }
    this.#hold(tail);
    const line = Buffer.concat(this.#held, this.#heldBytes).toString('utf8');
    this.#held = [];
    this.#heldBytes = 0;
    this.#onLine(line);
  }

  #hold(part: Buffer): void {
    this.#check(this.#heldBytes + part.length);
    this.#held.push(part);
    this.#heldBytes += part.length;
  }

  #check(bytes: number): void {
    if (bytes > this.#maxBytes)
      throw new LineTooLongError(`a line is longer than ${this.#maxBytes} bytes`);
  }
}
