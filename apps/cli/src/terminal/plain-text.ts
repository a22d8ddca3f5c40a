// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Text from elsewhere (a registry's message, an annotation, a log line) made safe for one line of a terminal:
 * runs of control and bidirectional characters, and with them any escape sequence's start, become one blank.
 */
export function plainText(text: string): string {
  return text.replace(CONTROL, ' ').trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_WITHIN_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu;

/** As `plainText`, for a text of many lines: tabs and line breaks stay, and so does the length. */
export function plainLines(text: string): string {
  return text.replace(CONTROL_WITHIN_TEXT, ' ');
}

/** `plainText` cut to `limit` characters, the last one an ellipsis when something was cut. */
export function shortText(text: string, limit: number): string {
  const plain = plainText(text);
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1).trimEnd()}…`;
}
