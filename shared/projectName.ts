/** Equal for names that a person would take for the same: case, width and composition of letters set aside. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Two names that a person would take for the same, spaces at their ends set aside. */
export function sameName(one: string, other: string): boolean {
  return nameKey(one.trim()) === nameKey(other.trim());
}
