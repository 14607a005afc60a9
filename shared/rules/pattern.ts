/** A pattern as parsePattern() reads it. Equal patterns have equal canonical text (formatPattern). */
export type Pattern = SitePattern | ExpressionPattern;

export type Scheme = "http" | "https";

/** Both ends included; a single port has them equal. */
export interface PortRange {
  from: number;
  to: number;
}

/** A host, with what else the URL must have. */
export interface SitePattern {
  kind: "site";
  /** Written with `!`: takes URLs away from the project instead of giving them to it. */
  exclude: boolean;
  /** Undefined: http and https. */
  scheme: Scheme | undefined;
  /** As URL.hostname has it (lower case, punycode, IPv6 in brackets), without a trailing dot. */
  host: string;
  /** Written with `*.`: the host itself and every host below it. */
  subdomains: boolean;
  /** Undefined: any port. */
  ports: PortRange | undefined;
  /** A prefix by segment in canonical form (canonicalPath), such as `/acme/site`; empty for any path. */
  path: string;
}

/** A regular expression that the whole of the URL's text (Target.text) must match. */
export interface ExpressionPattern {
  kind: "expression";
  exclude: boolean;
  /** Without the slashes around it. */
  source: string;
  matches: (text: string) => boolean;
}
