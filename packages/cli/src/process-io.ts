/**
 * Files and streams of the process, with a cap: a path given by mistake must not fill the memory.
 *
 * Does not handle: anything over the network; the command works offline.
 */
import { createReadStream } from 'node:fs';
import type { CommandIo } from './command.js';

// Ten times what the loader takes, so that the loader itself says when a file is too large.
const fileMaxBytes = 5 * 1024 * 1024;

export function openProcessIo(): CommandIo {
  return {
    readText: (path) => readCapped(path),
    write: (text) => {
      process.stdout.write(text);
    },
    writeError: (text) => {
      process.stderr.write(text);
    },
    isTerminal: process.stdout.isTTY === true,
  };
}

async function readCapped(path: string): Promise<string> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > fileMaxBytes) {
      throw new Error(`larger than ${fileMaxBytes / 1024 / 1024} MiB`);
    }
    chunks.push(bytes);
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
}
