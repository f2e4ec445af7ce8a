export interface FileRefusal {
  readonly name: string;
  readonly sizeBytes: number;
  readonly reason: 'too-large' | 'notText' | 'unreadable';
}

type Read =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly refusal: FileRefusal };

/** The text of a file that someone chose; what is too large is not read at all. */
export async function readTextFile(file: File, maxBytes: number): Promise<Read> {
  const { name, size: sizeBytes } = file;
  const refuse = (reason: FileRefusal['reason']): Read => ({
    ok: false,
    refusal: { name, sizeBytes, reason },
  });
  if (sizeBytes > maxBytes) return refuse('too-large');
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    // A folder, or a file that was removed since.
    return refuse('unreadable');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0')
      ? refuse('notText')
      : { ok: true, text: text.replaceAll('\r\n', '\n') };
  } catch {
    return refuse('notText');
  }
}
