/**
 * What the agent remembers on its node, in one file that only root reads: how it left each file, so
 * that a hand edit can be told from an old version, and what it was doing, so that a run that was cut
 * off is finished and not mistaken for somebody else's work.
 *
 * Holds digests of contents, no contents. They stay on the node: a report must not have them,
 * because a short password could be guessed from one.
 */
import { z } from 'zod';
import { Err, Ok, type Result } from '../result.js';

const Pictures = z.record(z.string().max(512), z.string().max(128).nullable());

const State = z.strictObject({
  version: z.literal(1),
  /** The config that was applied last, completely. */
  appliedHash: z.string().max(256).nullable(),
  left: Pictures,
  /** Digests that a file may have from runs that were not finished, see `planNodeFiles`. */
  intended: z.record(z.string().max(512), z.array(z.string().max(128).nullable())),
  /** What the logins' reader had read at its last known start, see `readAtStart`. */
  loaded: z.string().max(128).nullable(),
  replaced: z
    .array(z.strictObject({ path: z.string().max(512), backup: z.string().max(512) }))
    .max(100),
  /** For which config the above were replaced. */
  replacedFor: z.string().max(256).nullable(),
  /** The last wish to write over hand edits that was fulfilled. */
  writtenOver: z.string().max(256).nullable(),
  /** A restart that was begun and whose end was not seen. */
  restarting: z
    .strictObject({
      hash: z.string().max(256),
      /** With the new config, or back to the one before. */
      phase: z.enum(['forward', 'back']),
      /** Begun so often; a process may end in the middle. */
      attempts: z.int().min(0),
      /** Why the way back was begun. */
      fault: z.string().max(200),
    })
    .nullable(),
  /** With this config the node did not come back; it is not tried again. */
  rejected: z
    .strictObject({
      hash: z.string().max(256),
      code: z.string().max(100),
      /** What was not well, in a few words. */
      fault: z.string().max(200),
    })
    .nullable(),
  /** The files with which the reader last started well; their copies are kept by digest. */
  good: z
    .strictObject({ appliedHash: z.string().max(256).nullable(), left: Pictures, files: Pictures })
    .nullable(),
});

export type AgentState = Readonly<z.infer<typeof State>>;

export const initialAgentState: AgentState = {
  version: 1,
  appliedHash: null,
  left: {},
  intended: {},
  loaded: null,
  replaced: [],
  replacedFor: null,
  writtenOver: null,
  restarting: null,
  rejected: null,
  good: null,
};

export function encodeAgentState(state: AgentState): string {
  return `${JSON.stringify(State.parse(state), null, 2)}\n`;
}

export function decodeAgentState(text: string): Result<AgentState, string> {
  try {
    const parsed = State.safeParse(JSON.parse(text));
    if (parsed.success) return Ok(parsed.data);
    return Err(parsed.error.issues[0]?.path.join('.') || 'not a state');
  } catch {
    return Err('not JSON');
  }
}
