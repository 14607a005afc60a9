import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import type { PageRequest } from "../routing/pageRequest.ts";
import { addressOf, carriersOf, type FlowParameters } from "./flowParameters.ts";
import { unverifiedClaims } from "./unverifiedClaims.ts";

/** A request that looks like a provider's answer. Whether it is one, the records say. `state` is a secret. */
export interface SignInCallback {
  /** Origin with port, and path. */
  address: string;
  /** For people: host with port. */
  host: string;
  origin: string;
  state: string | undefined;
  /** RFC 9207: who answered. */
  issuer: string | undefined;
}

const answers = ["code", "error", "id_token", "access_token", "response"] as const;
const hint = new RegExp(`[?&#](?:${answers.join("|")})=`);

/** Reads the first of form, query and fragment that holds an answer; a state beside it in another place does not count. */
export function readCallback(request: Pick<PageRequest, "url" | "formData">): SignInCallback | undefined {
  const { url: text, formData } = request;
  if (!hint.test(text) && (formData === undefined || !answers.some((name) => name in formData))) return undefined;
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  const found = carriersOf(request, url).filter((parameters) => answers.some((name) => parameters.get(name) !== undefined));
  const parameters = found.find(hasState) ?? found[0];
  if (parameters === undefined) return undefined;
  // JARM puts all of the answer into one JWT.
  const token = parameters.get("response");
  const claims = token === undefined ? undefined : unverifiedClaims(token);
  const get = (name: string): string | undefined => {
    const claim = claims?.[name];
    return parameters.get(name) ?? (typeof claim === "string" && claim !== "" ? claim : undefined);
  };
  return { address: addressOf(url), host: url.host, origin: url.origin, state: get("state"), issuer: get("iss") };
}

function hasState(parameters: FlowParameters): boolean {
  return parameters.get("state") !== undefined || parameters.get("response") !== undefined;
}
