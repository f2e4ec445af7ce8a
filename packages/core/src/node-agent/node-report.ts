/**
 * What the agent of one node says about it: JSON in the ConfigMap `moorage-node-<node>`, under
 * `report.json`. Read by the API, which trusts the shape and nothing else: whoever may write in
 * `moorage-system` can write a report.
 *
 * Holds no secret and nothing from which one could be guessed: hashes are the keyed ones that the
 * API put on the Secret, never of the content itself.
 *
 * Does not handle: nodes without a report; that they have none is seen only beside the list of nodes.
 */
import { z } from 'zod';
import { Err, Ok, type Result } from '../result.js';
import { agentDistributions } from './agent-place.js';

/** ConfigMaps hold 1 MiB; the longest report, with every list full, takes a fraction of this. */
export const nodeReportMaxBytes = 262_144;

/** Entries that a list of the report holds at most; what is beyond is counted in `omitted`. */
export const nodeReportMaxEntries = 100;

export const nodeStates = [
  'in-sync',
  'pending',
  'drift',
  'restart-needed',
  'restarting',
  'failed',
] as const;
export type NodeState = (typeof nodeStates)[number];

const Path = z.string().min(1).max(512);
const Hash = z.string().max(256).nullable();
const list = <T extends z.ZodType>(entry: T) => z.array(entry).max(nodeReportMaxEntries);

const Report = z.strictObject({
  version: z.literal(1),
  node: z.string().min(1).max(253),
  distribution: z.enum(agentDistributions),
  versions: z.strictObject({
    /** Of k3s, rke2 or containerd, as the node says: `v1.31.4+k3s1`, `1.6.20`. */
    distribution: z.string().max(128).nullable(),
    /** `containerd://1.7.23-k3s2` */
    runtime: z.string().max(128).nullable(),
    agent: z.string().max(64),
  }),
  /** Of the newest config that the agent has seen; null when there is none. */
  desiredHash: Hash,
  /** Of the config whose files are all on the node, apart from drift. */
  appliedHash: Hash,
  state: z.enum(nodeStates),
  /** What the node still needs: `live` nothing, `none` nothing was ever applied. */
  restart: z.enum(['none', 'live', 'containerd', 'k3s']),
  /** Files that were changed on the node by others, and are left as they are. */
  drift: list(z.strictObject({ path: Path, change: z.enum(['changed', 'removed', 'added']) })),
  /** Files of others that the last config took the place of, and where their content is kept. */
  replaced: list(z.strictObject({ path: Path, backup: Path })),
  /** Entries left out of the two lists above. */
  omitted: z.int().min(0),
  lastError: z
    .strictObject({ code: z.string().min(1).max(100), detail: z.string().max(1000) })
    .nullable(),
  reportedAt: z.iso.datetime(),
});

export type NodeReport = Readonly<z.infer<typeof Report>>;

/** The text of a report: the same report gives the same bytes; lists are cut to their limit. */
export function encodeNodeReport(report: NodeReport): string {
  const drift = report.drift.slice(0, nodeReportMaxEntries);
  const replaced = report.replaced.slice(0, nodeReportMaxEntries);
  const cut = report.drift.length - drift.length + (report.replaced.length - replaced.length);
  return JSON.stringify(
    Report.parse({
      ...report,
      drift,
      replaced,
      omitted: report.omitted + cut,
      lastError: report.lastError && {
        code: report.lastError.code.slice(0, 100),
        detail: report.lastError.detail.slice(0, 1000),
      },
    }),
  );
}

/** A report, or one sentence on why the text is none. Unknown fields make it none: see `version`. */
export function decodeNodeReport(text: string): Result<NodeReport, string> {
  if (text.length > nodeReportMaxBytes) return Err(`longer than ${nodeReportMaxBytes} bytes`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return Err('not JSON');
  }
  const parsed = Report.safeParse(document);
  if (parsed.success) return Ok(parsed.data);
  const [issue] = parsed.error.issues;
  return Err(`${issue?.path.join('.') || 'the report'}: ${issue?.message ?? 'not a report'}`);
}
