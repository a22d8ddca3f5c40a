const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const rates = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `12,345`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `0.4`, `1,250.5`, and whole numbers from 100 on. */
export function formatRate(perSecond: number): string {
  return (perSecond < 100 ? rates : counts).format(perSecond);
}

/** `12%`; something is never shown as nothing, nor almost all as all. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '<1%';
  if (percent === 100 && share < 1) return '>99%';
  return `${percent}%`;
}

/** `85 MB`, `1.2 GB`; powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${rates.format(bytes / 1e9)} GB`;
}
