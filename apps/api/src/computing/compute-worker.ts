/** The other end of a thread: answers one question after the other until it is ended. */
import { parentPort } from 'node:worker_threads';
import { type Computation, computations } from './computations.js';

export interface Question {
  readonly name: Computation;
  readonly input: unknown;
}

/** A defect is told by its kind and where it happened; its message could quote the document. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly kind: string; readonly stack: string };

function answer({ name, input }: Question): Answer {
  try {
    const compute = computations[name] as (input: unknown) => unknown; // typed where it is asked
    return { ok: true, value: compute(input) };
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    const frames = error instanceof Error ? (error.stack ?? '').match(/^ {4}at .*$/gm) : null;
    return { ok: false, kind, stack: (frames ?? []).join('\n') };
  }
}

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));
parentPort?.postMessage('ready');
