import { dnsSubdomainProblems } from './dns-name.ts';
import { compileGrammar, describeGrammar, type Grammar } from './grammar.ts';

/** The part of a key after the slash. Source: Kubernetes `IsQualifiedName`. */
const NAME_PART: Grammar = {
  rule: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  pattern: '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  examples: ['MyName', 'my.name', '123-abc'],
  limit: 63,
};

const checkNamePart = compileGrammar(NAME_PART);

/** Whether `text` is a key of labels or annotations: `name` or `dns.subdomain/name`. */
export function isQualifiedName(text: string): boolean {
  return qualifiedNameProblems(text).length === 0;
}

/** What keeps `text` from being such a key, in Kubernetes' words; empty when nothing does. */
export function qualifiedNameProblems(text: string): readonly string[] {
  const slash = text.indexOf('/');
  if (slash < 0) return namePartProblems(text);
  if (text.includes('/', slash + 1)) {
    const form = `a qualified name ${describeGrammar(NAME_PART)}`;
    return [`${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  return [...prefixProblems(text.slice(0, slash)), ...namePartProblems(text.slice(slash + 1))];
}

function prefixProblems(prefix: string): readonly string[] {
  const problems = prefix === '' ? ['must be non-empty'] : dnsSubdomainProblems(prefix);
  return problems.map((problem) => `prefix part ${problem}`);
}

function namePartProblems(name: string): readonly string[] {
  const empty = name === '' ? ['must be non-empty'] : [];
  return [...empty, ...checkNamePart(name)].map((problem) => `name part ${problem}`);
}
