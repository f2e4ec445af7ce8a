import classes from './reach-bar.module.css';

/** How many of all are done, failed or still on their way; the words beside it say the same. */
export function ReachBar({ total, done, failed }: { total: number; done: number; failed: number }) {
  const share = (count: number) => `${total === 0 ? 0 : (count / total) * 100}%`;
  return (
    <span className={classes.bar} aria-hidden>
      <span className={classes.done} style={{ width: share(done) }} />
      <span className={classes.failed} style={{ width: share(failed) }} />
      <span className={classes.waiting} style={{ width: share(total - done - failed) }} />
    </span>
  );
}
