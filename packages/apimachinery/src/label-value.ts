import { compileGrammar } from './grammar.ts';

/** What keeps a text from being a label's value; empty when nothing does. Source: Kubernetes `IsValidLabelValue`. */
export const labelValueProblems = compileGrammar({
  rule: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  pattern: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  examples: ['MyValue', 'my_value', '12345'],
  limit: 63,
});
