/** A textual rule of Kubernetes, with the wording its API server uses for a breach. */
export interface Grammar {
  /** What the text must look like, in words. */
  readonly rule: string;
  /** Regular expression without anchors, as it is shown to clients. */
  readonly pattern: string;
  readonly examples: readonly string[];
  /** Longest text, in bytes. */
  readonly limit: number;
}

/** What is wrong with a text, in the server's words; empty when it follows the grammar. */
export type GrammarCheck = (text: string) => readonly string[];

/** Compiles a grammar once. The pattern must match in linear time: it also sees texts over the limit. */
export function compileGrammar(grammar: Grammar): GrammarCheck {
  const anchored = new RegExp(`^${grammar.pattern}$`);
  const tooLong = `must be no more than ${grammar.limit} bytes`;
  const broken = describeGrammar(grammar);
  return (text) => [
    ...(text.length > grammar.limit ? [tooLong] : []),
    ...(anchored.test(text) ? [] : [broken]),
  ];
}

/** The rule with its examples, worded as apimachinery's `validation.RegexError` does. */
export function describeGrammar({ rule, pattern, examples }: Grammar): string {
  const quoted = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}
