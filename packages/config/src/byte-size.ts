/** Bytes behind the units of IEC 80000-13; the letter alone means the same, as in Kubernetes' `Gi`. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

export type ParsedByteSize =
  | { readonly ok: true; readonly bytes: number }
  | { readonly ok: false; readonly message: string };

/** Reads a size such as `20GiB`, `512Mi` or a number of bytes. */
export function parseByteSize(text: string): ParsedByteSize {
  const [, amount = '', unit = ''] =
    /^(\d{1,15}(?:\.\d{1,3})?) ?([KMGT]?)(?:i?B?)$/.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * (UNITS[unit] ?? Number.NaN));
  if (amount === '' || !Number.isSafeInteger(bytes)) {
    return { ok: false, message: 'must be a size such as 512MiB, 20GiB or 1.5TiB' };
  }
  return { ok: true, bytes };
}

/** The size in the largest unit that writes it in whole numbers: `20GiB`. */
export function formatByteSize(bytes: number): string {
  const fitting = ['T', 'G', 'M', 'K'].find(
    (unit) => bytes >= (UNITS[unit] ?? 0) && bytes % (UNITS[unit] ?? 1) === 0,
  );
  if (fitting === undefined || bytes === 0) return `${bytes}B`;
  return `${bytes / (UNITS[fitting] ?? 1)}${fitting}iB`;
}
