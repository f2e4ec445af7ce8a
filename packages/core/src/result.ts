/**
 * A value or a reason why there is none. Domain functions return this for every failure that
 * input can cause; exceptions are left for defects.
 */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export function Ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function Err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
