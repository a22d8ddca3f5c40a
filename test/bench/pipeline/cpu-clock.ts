import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** Ticks of the kernel's clock in a second: `USER_HZ`, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the program's name, which may hold blanks. Source: proc(5). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** CPU seconds that a process of this machine has used, all its threads together; 0 once it is gone. */
export function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** CPU seconds that Redis itself says it has used, without its children that rewrite the log. */
export async function redisCpuSeconds(redis: Redis): Promise<number> {
  const text = await redis.info('cpu');
  const figure = (name: string) => Number(new RegExp(`${name}:([0-9.]+)`).exec(text)?.[1] ?? 0);
  return figure('used_cpu_sys') + figure('used_cpu_user');
}
