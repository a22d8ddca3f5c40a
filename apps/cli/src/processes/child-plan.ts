/** One process of `up`. */
export interface ChildPlan {
  readonly name: string;
  readonly args: readonly string[];
  /** Asked before every start: ports and the Redis URL may have changed. */
  readonly prepare: () => Promise<ChildStart>;
}

export interface ChildStart {
  readonly variables: Readonly<Record<string, string>>;
  /** Answers 200 once the child does its work. */
  readonly readyUrl: string;
}
