/**
 * Runs one passport strategy on a small view of the request and gives its verdict as a value. The
 * adapters for Express write to the response themselves, which Fastify's does not allow.
 */
export interface RequestView {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** always empty: credentials in a query string end up in logs and histories */
  readonly query: Readonly<Record<string, never>>;
}

export type Verdict<User> =
  | { readonly kind: 'success'; readonly user: User }
  | { readonly kind: 'fail' }
  | { readonly kind: 'pass' };

/** The part of a passport strategy that runs it; its verdict comes by the functions set below. */
interface Runnable {
  authenticate(this: never, request: never, options: object): void;
}
interface Run {
  success(user: unknown): void;
  fail(): void;
  pass(): void;
  error(error: unknown): void;
  redirect(): void;
  authenticate(request: RequestView, options: object): void;
}

export function runStrategy<User>(strategy: Runnable, view: RequestView): Promise<Verdict<User>> {
  return new Promise((resolve, reject) => {
    const run = Object.create(strategy) as Run; // Object.create answers `any`; passport adds the same functions
    run.success = (user) => resolve({ kind: 'success', user: user as User }); // our own verify function made it
    run.fail = () => resolve({ kind: 'fail' });
    run.pass = () => resolve({ kind: 'pass' });
    run.error = reject;
    run.redirect = () => reject(new Error('A redirecting strategy needs a route of its own'));
    run.authenticate(view, {});
  });
}
