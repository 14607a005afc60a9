export { decodeValue } from "../../shared/state/decodeValue.ts";
export { encodeValue } from "../../shared/state/encodeValue.ts";
export { ownCopy } from "../../shared/state/ownCopy.ts";
