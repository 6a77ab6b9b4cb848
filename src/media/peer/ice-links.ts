import { readIceServers, type IceServer } from "../../core/wire/config.ts";

/** One link of a `Link` header: `<target>; name=value; name="quoted value"` (RFC 8288 section 3). */
const linkPattern =
  /<(?<target>[^<>\s]*)>(?<parameters>(?:\s*;\s*[\w!#$&+.^`|~-]+(?:\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s",;<>]*))?)*)/g;
const parameterPattern =
  /;\s*(?<name>[\w!#$&+.^`|~-]+)\s*=\s*(?:"(?<quoted>(?:\\.|[^"\\])*)"|(?<plain>[^\s",;<>]*))/g;

/**
 * ICE servers that a WHIP or WHEP endpoint names in its answer (RFC 9725 section 4.6): links with `rel="ice-server"`, user name
 * and credential as parameters. What is no link of that kind, or no address of a STUN or TURN server, is left out.
 * @param header the `Link` header as fetch joins it; null where there is none
 */
export function readIceLinks(header: string | null): readonly IceServer[] {
  return [...(header ?? "").slice(0, 16_384).matchAll(linkPattern)].flatMap(({ groups }) => {
    const parameters = readParameters(groups?.["parameters"] ?? "");
    const { rel = "", username, credential } = parameters;
    if (!rel.toLowerCase().split(/\s+/).includes("ice-server")) return [];
    const server = {
      urls: [groups?.["target"] ?? ""],
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    };
    const read = readIceServers(JSON.stringify([server]));
    return read.ok ? read.value : [];
  });
}

function readParameters(text: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    [...text.matchAll(parameterPattern)].map(({ groups }) => [
      (groups?.["name"] ?? "").toLowerCase(),
      groups?.["quoted"]?.replaceAll(/\\(.)/g, "$1") ?? groups?.["plain"] ?? "",
    ]),
  );
}
