import { readFileSync } from "node:fs";

/** MiB. `anonymous` is what no file is behind: heaps, stacks, buffers. */
export interface ProcessMemory {
  resident: number;
  /** Pages that several processes have are divided among them. */
  proportional: number;
  anonymous: number;
}

/** As Linux accounts for it (proc(5), smaps_rollup). */
export function processMemory(pid: number): ProcessMemory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]) / 1024;
  return { resident: field("Rss"), proportional: field("Pss"), anonymous: field("Anonymous") };
}
