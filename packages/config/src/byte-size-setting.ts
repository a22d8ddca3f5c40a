import { z } from 'zod';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import { withTraits } from './setting-traits.ts';

/** A setting written as a size in bytes, such as `20GiB`, and read as a number. `min` is written the same way. */
export function byteSizeSetting(min: string): z.ZodType<number, string | number> {
  const smallest = bytesOf(min);
  const schema = z
    .union([z.string(), z.number()], { error: 'must be a size such as 512MiB or 20GiB' })
    .transform((value, context) => {
      const parsed = parseByteSize(String(value));
      const problem = parsed.ok ? tooSmall(parsed.bytes, smallest) : parsed.message;
      if (parsed.ok && problem === undefined) return parsed.bytes;
      context.addIssue(problem ?? '');
      return z.NEVER;
    });
  return withTraits(schema, { byteSize: true });
}

function tooSmall(bytes: number, min: number): string | undefined {
  return bytes < min ? `must be at least ${formatByteSize(min)}` : undefined;
}

function bytesOf(text: string): number {
  const parsed = parseByteSize(text);
  if (!parsed.ok) throw new RangeError(parsed.message);
  return parsed.bytes;
}
