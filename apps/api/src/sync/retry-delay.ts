/** Exponential with full jitter (each try somewhere in the whole interval), as AWS' "Exponential Backoff And Jitter". */
const FIRST_MS = 100;
const LONGEST_MS = 60_000;

export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  // Never at once: a refusal must cost the one who is refused.
  return Math.max(FIRST_MS / 2, Math.round(random() * ceiling));
}
