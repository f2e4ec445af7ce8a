/**
 * How many requests an API server has answered, by its own count: `apiserver_request_total` in
 * the Prometheus text format of `/metrics`. Watches are counted when they end.
 */
export interface RequestTotal {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly group: string;
  readonly code: string;
  readonly count: number;
}

export interface RequestFilter {
  readonly verbs?: readonly string[];
  readonly resource?: string;
  readonly code?: string;
}

export const writeVerbs = ['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION'] as const;
export const readVerbs = ['GET', 'LIST'] as const;

const metric = 'apiserver_request_total{';

export function parseRequestTotals(metrics: string): readonly RequestTotal[] {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(metric))
    .map(parseLine);
}

export function countRequests(totals: readonly RequestTotal[], filter: RequestFilter = {}): number {
  return totals
    .filter(({ verb }) => filter.verbs === undefined || filter.verbs.includes(verb))
    .filter(({ resource }) => filter.resource === undefined || filter.resource === resource)
    .filter(({ code }) => filter.code === undefined || filter.code === code)
    .reduce((sum, { count }) => sum + count, 0);
}

/** What was added between two readings; lines without a change are left out. */
export function subtractTotals(
  after: readonly RequestTotal[],
  before: readonly RequestTotal[],
): readonly RequestTotal[] {
  const key = ({ count: _, ...labels }: RequestTotal) => JSON.stringify(labels);
  const old = new Map(before.map((total) => [key(total), total.count]));
  return after
    .map((total) => ({ ...total, count: total.count - (old.get(key(total)) ?? 0) }))
    .filter(({ count }) => count !== 0);
}

function parseLine(line: string): RequestTotal {
  const labels = new Map<string, string>();
  for (const [, name, value] of line.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)) {
    labels.set(name ?? '', value ?? '');
  }
  const label = (name: string) => labels.get(name) ?? '';
  return {
    verb: label('verb'),
    resource: label('resource'),
    subresource: label('subresource'),
    group: label('group'),
    code: label('code'),
    count: Number(line.slice(line.lastIndexOf('}') + 1)),
  };
}
