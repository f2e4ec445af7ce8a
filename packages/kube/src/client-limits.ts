/**
 * Bounds of what one cluster may cost us. A managed cluster can be hostile: every one of these
 * turns an endless reply into an error.
 */

/** Calls in flight over one HTTP/2 connection: the best of 4, 8, 16, 32 against a real server. */
export const defaultMaxInFlight = 32;

/** SIG Scalability's SLO allows 30 s (p99) for the largest lists; single writes have 1 s. */
export const defaultRequestTimeoutMs = 30_000;

/** client-go's page size (tools/pager, `defaultPageSize`). */
export const defaultPageLimit = 500;

/**
 * One page of 500. Objects average a few kilobytes; etcd refuses any above 1.5 MiB
 * (`--max-request-bytes`), so this leaves room for pages of unusually large ones.
 */
export const maxReplyBytes = 64 * 1024 * 1024;

/** 500 pages of 500: beyond Kubernetes' own threshold of 150,000 objects of one type. */
export const maxPages = 500;

/** What the pages may hold together, whatever page size the server keeps to. */
export const maxListItems = maxPages * defaultPageLimit;

/** All pages of one list: 150,000 objects of 7 KiB. */
export const maxListBytes = 1024 * 1024 * 1024;

/** One watch event: an object of 1.5 MiB (etcd), escaped, with room. */
export const maxEventBytes = 8 * 1024 * 1024;

/** Priority and Fairness answers 429 with `Retry-After: 1`; ten of those are not overload but refusal. */
export const maxRefusals = 10;

/** When a 429 or 503 does not say how long to wait. */
export const defaultRetryAfterMs = 1_000;
