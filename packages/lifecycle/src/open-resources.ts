/** Names what keeps the process alive, most frequent first: `3 TCPSocketWrap, 1 Timeout`. Source: Node's async resources. */
export function openResources(): string {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([name, n]) => `${n} ${name}`);
  return names.join(', ') || 'nothing';
}
