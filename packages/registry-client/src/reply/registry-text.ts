/** Longest quotation of a registry in a message; conditions and logs repeat it. */
const QUOTE_LENGTH = 256;
/** Errors read from one body; registries send one. */
const ERRORS_READ = 4;

const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const BLANKS = /\s+/g;
/** The query comes off afterwards: a pattern that asks for one would read on to the end from every `http://`. */
const URL_TEXT = /https?:\/\/[^\s"'<>]*/gi;

/**
 * The reason that a registry gives in an error body, made safe to quote: one line, no control characters, no URL
 * queries (they may be signed), none of `secrets`, at most 256 characters. Undefined when there is nothing to quote.
 */
export function quoteReason(body: string, secrets: readonly string[]): string | undefined {
  const reason = readReason(body.trim());
  if (reason === undefined) return undefined;
  const quoted = safeText(reason, secrets);
  return quoted === '' ? undefined : quoted;
}

/** Text from outside, made safe for a message by the rules of {@link quoteReason}. */
export function safeText(text: string, secrets: readonly string[] = []): string {
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const line = masked.replace(URL_TEXT, withoutQuery).replace(CONTROL_CHARACTERS, ' ');
  const trimmed = line.replace(BLANKS, ' ').trim();
  const short = trimmed.length > QUOTE_LENGTH ? `${trimmed.slice(0, QUOTE_LENGTH - 1)}…` : trimmed;
  return short.toWellFormed();
}

function withoutQuery(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : `${url.slice(0, query)}?…`;
}

function readReason(body: string): string | undefined {
  if (body === '' || body.startsWith('<')) return undefined;
  try {
    return reasonOf(JSON.parse(body));
  } catch {
    // Plain text, or JSON cut off at the limit: both are still a reason.
    return body;
  }
}

function reasonOf(json: unknown): string | undefined {
  const { errors, message, details } = fieldsOf(json);
  if (Array.isArray(errors)) return errors.slice(0, ERRORS_READ).map(describeError).join('; ');
  if (typeof message === 'string') return message;
  return typeof details === 'string' ? details : undefined;
}

/** An entry of the OCI error body, `{code, message, detail}`; the code comes first because texts vary. */
function describeError(entry: unknown): string {
  const { code, message } = fieldsOf(entry);
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
}

function fieldsOf(
  value: unknown,
): Readonly<Record<'errors' | 'message' | 'details' | 'code', unknown>> {
  const none = { errors: undefined, message: undefined, details: undefined, code: undefined };
  return typeof value === 'object' && value !== null ? { ...none, ...value } : none;
}
