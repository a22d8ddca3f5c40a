/** A field of what INFO answers; undefined when the server does not tell it. */
export function serverField(text: string, name: string): string | undefined {
  const line = text.split('\r\n').find((candidate) => candidate.startsWith(`${name}:`));
  return line?.slice(name.length + 1);
}
