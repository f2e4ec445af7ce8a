import { PROVIDER_LABELS, type Provider } from '../labels';
import classes from './registries.module.css';

/** The provider at a glance; its name is always written beside it or said. */
export function ProviderMark({ provider }: { provider: Provider }) {
  const { name, mark, color } = PROVIDER_LABELS[provider];
  return (
    <span className={classes.mark} style={{ background: color }} title={name} aria-hidden>
      {mark}
    </span>
  );
}
