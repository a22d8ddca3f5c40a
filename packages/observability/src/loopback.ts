/** Whether a peer's address is this machine's own loopback, in any of the spellings a dual-stack socket reports. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || /^(::ffff:)?127\./i.test(address);
}
