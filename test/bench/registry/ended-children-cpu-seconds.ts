import { readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second: `USER_HZ`, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the program's name, which may hold blanks. Source: proc(5), cutime and cstime. */
const USER_TICKS = 13;
const SYSTEM_TICKS = 14;

/** CPU seconds of all the children of this process that have ended, to 10 ms. */
export function endedChildrenCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}
