import { Problem } from '../http/problem.js';
import type { SettingFault } from './setting-values.js';

/** Nobody reads more; `errors` holds every one. */
const DETAIL_MAX_LENGTH = 2_000;

/** One problem that names everything that is wrong with what was given. */
export function refuseFaults(faults: readonly SettingFault[], pointer = '/value'): void {
  if (faults.length === 0) return;
  const text = faults.map((fault) => fault.detail).join(' ');
  const detail =
    text.length > DETAIL_MAX_LENGTH ? `${text.slice(0, DETAIL_MAX_LENGTH - 1)}…` : text;
  throw new Problem('setting.invalid', detail, {
    errors: faults.map((fault) => ({ pointer, ...fault })),
  });
}

/** The value, or the problem that names what is wrong with it. */
export function accepted<T>(
  result: { ok: true; value: T } | { ok: false; error: readonly SettingFault[] },
  pointer?: string,
): T {
  if (result.ok) return result.value;
  refuseFaults(result.error, pointer);
  throw new Error('a refusal without a fault');
}
