/**
 * Order of resource versions. Since Kubernetes 1.35 (KEP-5504, comparable resource version) they
 * are documented as decimal numbers of any size that clients may compare; earlier servers with
 * etcd behave the same. Anything else is opaque: `null`, and the caller must take it as it comes.
 */
const decimal = /^(0|[1-9][0-9]{0,63})$/;

export function compareResourceVersions(a: string, b: string): -1 | 0 | 1 | null {
  if (!decimal.test(a) || !decimal.test(b)) return a === b ? 0 : null;
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether `a` is known to be before `b`. */
export function isOlder(a: string, b: string): boolean {
  return compareResourceVersions(a, b) === -1;
}
