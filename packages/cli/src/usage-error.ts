/**
 * Wrong arguments, or input that cannot be read: the user's to put right, exit code 2.
 */
export class UsageError extends Error {
  constructor(
    message: string,
    /** True when the usage line helps. */
    readonly isMisuse = true,
  ) {
    super(message);
  }
}
