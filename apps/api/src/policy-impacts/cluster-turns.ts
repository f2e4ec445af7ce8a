/** Clusters that one request reads: so many at a time, because each answer may be megabytes. */

/** One cluster takes a second or so; more at once would only pile up answers in memory. */
const CLUSTERS_AT_ONCE = 4;

/** Results in the order of `clusters`. The first failure is thrown, and no further one is begun. */
export async function inTurn<T, R>(
  clusters: readonly T[],
  work: (cluster: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = clusters.entries();
  let hasFailed = false;
  const worker = async () => {
    for (const [index, cluster] of rest) {
      if (hasFailed) return;
      results[index] = await work(cluster).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: CLUSTERS_AT_ONCE }, worker));
  return results;
}
