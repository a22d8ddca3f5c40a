/**
 * The token in what somebody pasted: the token itself, or the text of a kubeconfig. Undefined when it cannot be one: a
 * header carries visible ASCII only.
 */
export function tokenOf(pasted: string): string | undefined {
  const [, named] = /(?:^|\s)token:\s*["']?([^\s"']+)/u.exec(pasted) ?? [];
  const token = named ?? pasted.trim();
  return /^[\x21-\x7e]+$/u.test(token) ? token : undefined;
}
