import type { IncomingHttpHeaders } from 'node:http';
import { RegistryError } from '../registry-error.ts';

export interface WantedBlob {
  /** Bytes of the whole blob. */
  readonly size: number;
  /** Where the part that is sent must begin; undefined: the whole is sent. */
  readonly from: number | undefined;
  /** Opens the message of an error. */
  readonly subject: string;
}

const IDENTITY = 'identity';
const CONTENT_RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/;

/**
 * Throws a {@link RegistryError} when the head of a reply says that its body is not what is wanted. What it says is not
 * repeated: it may come from a host that a registry has led us to.
 */
export function checkBlobHead(
  headers: IncomingHttpHeaders,
  { size, from, subject }: WantedBlob,
): void {
  const encoding = headers['content-encoding'] ?? IDENTITY;
  if (encoding.trim().toLowerCase() !== IDENTITY) {
    const problem = `${subject}: the registry sent it encoded, which nobody asked for`;
    throw new RegistryError('RegistryError', problem);
  }
  if (from !== undefined && !isRange(headers['content-range'] ?? '', { from, size })) {
    const problem = `${subject}: the registry sent another part than the one from byte ${from} on`;
    throw new RegistryError('RegistryError', problem);
  }
  const declared = headers['content-length'];
  const wanted = size - (from ?? 0);
  if (declared !== undefined && Number(declared) !== wanted) {
    const problem = `content integrity error: ${subject}: the registry declares another length than ${wanted} bytes`;
    throw new RegistryError('InvalidManifest', problem);
  }
}

/** Whether it is all from there to the end. Source: RFC 9110 §14.4; the whole length may be unknown. */
function isRange(
  text: string,
  { from, size }: { readonly from: number; readonly size: number },
): boolean {
  const [, first, last, whole] = CONTENT_RANGE.exec(text.trim()) ?? [];
  if (Number(first) !== from || Number(last) !== size - 1) return false;
  return whole === '*' || Number(whole) === size;
}
