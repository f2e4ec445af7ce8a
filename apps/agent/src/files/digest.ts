import { createHash } from 'node:crypto';

/** For comparing contents on this node. It never leaves it: a short password could be guessed from it. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
