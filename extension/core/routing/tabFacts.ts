/** What Firefox says of the tab that asks for a page. */
export interface TabFacts {
  /** The address it shows; undefined when it has shown nothing yet. */
  shown: string | undefined;
  /** It asks for the source of the page. */
  source: boolean;
  /**
   * external: another program opened it with this very request. unknown: it is new, and the event that tells is still to
   * come. inside: any other.
   */
  arrival: "external" | "inside" | "unknown";
  /** Whether it is a pop-up window, and one whose opener can talk to it; undefined: not looked at yet. */
  popup: "none" | "alone" | "opened" | undefined;
}
