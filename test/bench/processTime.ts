import { readFileSync } from "node:fs";

/** Of the clock that Linux counts a process's time with; the same on every architecture that Firefox runs on. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process and its threads have used (proc_pid_stat(5), utime and stime). */
export function processTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The program's name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
