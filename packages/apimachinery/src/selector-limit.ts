/** Longest selector in characters: it travels in a request line, which HTTP servers cap at 8 to 16 KiB. */
export const SELECTOR_LIMIT = 16 * 1024;

/** The answer to a selector over the limit. */
export const SELECTOR_TOO_LONG = `selector may not be longer than ${SELECTOR_LIMIT} characters`;
