import { compileGrammar } from './grammar.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

/**
 * What keeps a text from being one DNS label; empty when nothing does.
 * Source: RFC 1123; Kubernetes `IsDNS1123Label`.
 */
export const dnsLabelProblems = compileGrammar({
  rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  pattern: LABEL,
  examples: ['my-name', '123-abc'],
  limit: 63,
});

/**
 * What keeps a text from being DNS labels joined by dots; empty when nothing does.
 * Source: RFC 1123; Kubernetes `IsDNS1123Subdomain`.
 */
export const dnsSubdomainProblems = compileGrammar({
  rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  pattern: `${LABEL}(\\.${LABEL})*`,
  examples: ['example.com'],
  limit: 253,
});

/** Whether `text` may name a namespace. */
export function isDnsLabel(text: string): boolean {
  return dnsLabelProblems(text).length === 0;
}
