import { namesSecret } from "./secrets.ts";

/** Keys of a query under which providers pass what lets somebody in: tokens, signatures, keys, and what is signed with them. */
const telling =
  /token|signature|secret|passw|credential|policy|expir|hdn|hmac|auth|jwt|session|api.?key|access.?key|key.?pair|^x-amz-|^(?:sig|sign|key|exp|e|st|hash|md5|pwd|pass|sid|code|acl)$/i;

/**
 * The first key in an address's query whose value may be secret and stands there as it is, not as `${NAME}`; null where there is
 * none. What stands after `#` counts as well.
 */
export function secretKeyOf(address: string): string | null {
  const at = address.search(/[?#]/);
  if (at < 0) return null;
  for (const pair of address.slice(at + 1).split(/[?#&;]/)) {
    const equals = pair.indexOf("=");
    const [key, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    if (value !== "" && !namesSecret(value) && telling.test(key)) return key;
  }
  return null;
}
