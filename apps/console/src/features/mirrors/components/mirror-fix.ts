/**
 * Findings about a rendered file that can be mended in the form of a mirror: the endpoint or the rewrite
 * that the finding's path names gets the text that the finding asks for.
 */
import type { FindingSource } from '../../../components/finding';
import { mendedText } from '../../../components/mended-text';
import type { MirrorDraft } from './mirror-draft';

export interface MirrorFix {
  readonly registry: string;
  readonly label: string;
  readonly apply: (draft: MirrorDraft) => MirrorDraft;
}

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const ENDPOINT = new RegExp(`^mirrors\\[${QUOTED}\\]\\.endpoint\\[(\\d+)\\]$`);
const REWRITE = new RegExp(`^mirrors\\[${QUOTED}\\]\\.rewrite\\[${QUOTED}\\]$`);

function readQuoted(text: string): string {
  return JSON.parse(`"${text}"`);
}

/** The endpoints of a mirror as the renderer wrote them, each quoted on a line of its own. */
function endpointsIn(content: string, registry: string): readonly string[] {
  const lines = content.split('\n');
  const start = lines.indexOf(`  ${JSON.stringify(registry)}:`);
  if (start < 0 || lines[start + 1] !== '    endpoint:') return [];
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('      - '));
  return rest.slice(0, end < 0 ? rest.length : end).map((line) => JSON.parse(line.slice(8)));
}

function endpointFix(finding: FindingSource, content: string): MirrorFix | null {
  const [, quoted = '', index = ''] = ENDPOINT.exec(finding.path ?? '') ?? [];
  const registry = readQuoted(quoted);
  const url = endpointsIn(content, registry)[Number(index)];
  const next = url === undefined ? null : mendedText(finding.code, url, finding.parameters ?? {});
  if (next === null) return null;
  const apply = (draft: MirrorDraft) => ({
    ...draft,
    endpoints: draft.endpoints.map((row) => (row.url.trim() === url ? { ...row, url: next } : row)),
  });
  return { registry, label: next, apply };
}

function rewriteFix(finding: FindingSource): MirrorFix | null {
  const [, quoted = '', rule = ''] = REWRITE.exec(finding.path ?? '') ?? [];
  const pattern = readQuoted(rule);
  const next = pattern === '' ? null : mendedText(finding.code, pattern, finding.parameters ?? {});
  if (next === null) return null;
  const apply = (draft: MirrorDraft) => ({
    ...draft,
    rewrites: draft.rewrites.map((row) =>
      row.pattern === pattern ? { ...row, pattern: next } : row,
    ),
  });
  return { registry: readQuoted(quoted), label: next, apply };
}

/** Null where people have to decide, or where the finding is about something else. */
export function fixOfMirror(finding: FindingSource, content: string): MirrorFix | null {
  return endpointFix(finding, content) ?? rewriteFix(finding);
}
