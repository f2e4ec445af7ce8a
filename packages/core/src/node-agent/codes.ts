/**
 * Every code with which the agent of a node, or the lack of its report, says what is wrong.
 *
 * Does not handle: refusals of the operating system beyond the usual ones; their code is `disk.` with
 * the name of the error, and the path beside it says enough.
 */
export const nodeProblemCodes = [
  'config.refused',
  'config.incomplete',
  'config.not-readable',
  'config.other-distribution',
  'file.not-regular',
  'file.too-large',
  'disk.eacces',
  'disk.eio',
  'disk.eisdir',
  'disk.enospc',
  'disk.enotdir',
  'disk.eperm',
  'disk.erofs',
  'restart.stopped',
  'restart.rolled-back',
  'restart.node-not-back',
  'restart.node-silent',
  'agent.failed',
  'node.name-too-long',
  'node-agent.report-unreadable',
  'node-agent.silent',
] as const;

export type NodeProblemCode = (typeof nodeProblemCodes)[number];
