import { normalizeHost } from "../../../shared/site.ts";

/** Whether a host, as URL.hostname has it, is this machine: localhost, a name below it, 127.0.0.0/8 or ::1. */
export function isLoopback(hostname: string): boolean {
  const host = normalizeHost(hostname);
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
