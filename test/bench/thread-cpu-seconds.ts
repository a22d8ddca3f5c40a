import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU seconds that the threads of a process have used, to the nanosecond; the kernel's ticks of 10 ms are too coarse for
 * what takes a tenth of a second. A thread that ended is not in it: for processes whose threads stay. Source: proc(5).
 */
export function threadCpuSeconds(pid: number | undefined): number {
  const folder = `/proc/${pid}/task`;
  const spent = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ', 1)[0]),
  );
  return spent.reduce((sum, one) => sum + one, 0) / 1e9;
}
