/**
 * A file as the input of a shell command, readable as it is: a here-document whose quoted delimiter
 * turns every expansion off and stands on no line of the content.
 *
 * Source: POSIX.1-2024 XCU section 2.7.4.
 *
 * Does not handle: NUL, which a shell script cannot hold; a last line without an end gets one.
 */
export function hereDocument(command: string, content: string): string {
  const lines = content.endsWith('\n') ? content.slice(0, -1).split('\n') : content.split('\n');
  const delimiter = freeDelimiter(new Set(lines));
  return [`${command} <<'${delimiter}'`, ...lines, delimiter].join('\n');
}

function freeDelimiter(lines: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const delimiter = attempt === 0 ? 'MOORAGE_END' : `MOORAGE_END_${attempt}`;
    // Among finitely many lines some number is free.
    if (!lines.has(delimiter)) return delimiter;
  }
}
