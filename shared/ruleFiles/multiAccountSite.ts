import { parse } from "tldts";

/** What a site's key in Multi-Account Containers stands for. */
export type Site = { kind: "pattern"; pattern: string } | { kind: "ambiguous"; readings: string[] } | { kind: "refused" };

/**
 * Multi-Account Containers writes host and port without anything between them (`localhost3000`), and the scheme's own port
 * not at all. A site that can be read in more than one likely way is not guessed at.
 */
export function readSite(text: string): Site {
  const [, address, port] = /^(\[[\da-f:.]+\])(\d*)$/i.exec(text) ?? [];
  if (address !== undefined) return pattern(address, port);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return readIpv4(text);

  const [, host = text, digits = ""] = /^(.*?[^\d])([1-9]\d*)$/.exec(text) ?? [];
  if (digits === "" || !isPort(digits)) return { kind: "pattern", pattern: text };
  // A name that ends in a real top-level domain has no port in it, and one whose rest does has one.
  if (parse(text).isIcann === true) return pattern(text);
  if (parse(host).isIcann === true || host === "localhost" || /\.(?:localhost|test|local|internal|lan|home|example|invalid|arpa)$/.test(host)) return pattern(host, digits);
  // Nobody serves on a port of one digit, and names such as `nas2` are common.
  if (digits.length === 1) return pattern(text);
  return { kind: "ambiguous", readings: [text, `${host}:${digits}`] };
}

/** `10.0.0.118080` is 10.0.0.1:18080 or 10.0.0.11:8080. */
function readIpv4(text: string): Site {
  const lastDot = text.lastIndexOf(".") + 1;
  const last = text.slice(lastDot);
  // A port of one or two digits could be in it, but those are hardly used.
  if (isOctet(last)) return pattern(text);
  const readings = [1, 2, 3].flatMap((length) => {
    const [octet, port] = [last.slice(0, length), last.slice(length)];
    return isOctet(octet) && isPort(port) ? [`${text.slice(0, lastDot)}${octet}:${port}`] : [];
  });
  const [only] = readings;
  if (only === undefined) return { kind: "refused" };
  return readings.length === 1 ? { kind: "pattern", pattern: only } : { kind: "ambiguous", readings };
}

function pattern(host: string, port = ""): Site {
  return { kind: "pattern", pattern: port === "" ? host : `${host}:${port}` };
}

function isOctet(text: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255;
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}
