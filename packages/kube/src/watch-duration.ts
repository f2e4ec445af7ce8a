/** client-go picks 5 to 10 minutes at random (tools/cache/reflector.go, `minWatchTimeout`). */
const leastSeconds = 300;
const mostSeconds = 600;

/** How long the server is to keep a watch open: never past the moment when a list is due. */
export function pickWatchSeconds(random: number, untilListMs: number): number {
  const picked = leastSeconds + Math.floor(random * (mostSeconds - leastSeconds));
  return Math.max(1, Math.min(picked, Math.ceil(untilListMs / 1000)));
}
