/** Why a text names no image stream tag, or undefined when it does. Source: `oc`, "parse image stream tag name". */
export function tagNameProblem(text: string): string | undefined {
  if (text.includes('@')) return `"${text}" is an image stream image, not an image stream tag`;
  const parts = text.split(':');
  if (parts.length !== 2) return `expected exactly one : delimiter in the istag "${text}"`;
  if (!parts.includes('')) return undefined;
  return `image stream tag name "${text}" must have a name and a tag`;
}
