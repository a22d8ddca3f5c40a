/**
 * How a pull spec is written, to be appended to why a text is none; a URL's scheme, which browsers and other tools show,
 * is the usual mistake.
 */
export function pullSpecAdvice(text: string | undefined): string {
  const [scheme] = /^[a-z][a-z\d+.-]{0,15}:\/\//iu.exec(text ?? '') ?? [];
  const without = scheme === undefined ? '' : `, without ${scheme}`;
  return `; write [REGISTRY/]REPOSITORY[:TAG]${without}`;
}
