/** What the checker reads at most; a little less than the API takes. See `documentMaxBytes` in core. */
export const MAX_DOCUMENT_BYTES = 512 * 1024;
