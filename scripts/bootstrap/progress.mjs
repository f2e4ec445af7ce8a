// Tells what is happening and for how long, on a terminal and in a log file alike.

// A log without a terminal gets one line per ten seconds: enough to see life, not enough to hide news.
const LOG_INTERVAL_MS = 10_000;
const TERMINAL_INTERVAL_MS = 250;

export function formatElapsed(elapsedMs) {
  const seconds = elapsedMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Runs `work` and shows its title with the time it takes. The error of `work` passes through. */
export async function withProgress(title, work) {
  const startedAt = Date.now();
  const elapsed = () => formatElapsed(Date.now() - startedAt);
  const isTerminal = process.stdout.isTTY === true;
  if (!isTerminal) console.log(`${title} …`);
  const show = () =>
    isTerminal
      ? process.stdout.write(`\r${title} … ${elapsed()} `)
      : console.log(`  … ${elapsed()}`);
  const timer = setInterval(show, isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
  try {
    if (isTerminal) show();
    const result = await work();
    console.log(`${isTerminal ? '\r' : ''}${title}: done in ${elapsed()}      `.trimEnd());
    return result;
  } catch (error) {
    console.log(`${isTerminal ? '\r' : ''}${title}: failed after ${elapsed()}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
