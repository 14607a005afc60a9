/** Whether the address is the one that was asked for; HSTS may have made https of http on the way. Fragments do not travel. */
export function isSameTarget(asked: string, came: string): boolean {
  const [first, second] = [new URL(asked), new URL(came)];
  first.hash = "";
  second.hash = "";
  if (first.href === second.href) return true;
  if (first.protocol !== "http:" || first.port !== "") return false;
  first.protocol = "https:";
  return first.href === second.href;
}
