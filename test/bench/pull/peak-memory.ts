import { readFileSync, writeFileSync } from 'node:fs';

/** Sets the peak of a process to what it has now. Source: proc(5), clear_refs. */
export function resetPeak(pid: number | undefined): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most memory that a process had since {@link resetPeak}, MiB. */
export function peakMebibytes(pid: number | undefined): number {
  return readField(pid, 'VmHWM');
}

/** MiB. */
export function residentMebibytes(pid: number | undefined): number {
  return readField(pid, 'VmRSS');
}

function readField(pid: number | undefined, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1_024;
}
