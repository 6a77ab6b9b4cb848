import { fail, succeed, type Failure, type Result } from "../failure.ts";
import { readJoinCode } from "./signalling.ts";

/** Ways in that can be forced; each but `auto` is the name of a folder in media/play. */
export const sourceKinds = ["auto", "hls", "dash", "whep", "file", "screen", "camera"] as const;
/** How an address is played. */
export type SourceKind = (typeof sourceKinds)[number];

/** Streams measured side by side at most: past that, reading them would take what playing them needs. */
export const maxStreamCount = 6;
/** Longest address that is taken, characters. */
const maxAddressLength = 4000;

/** Schemes that are played: the web's, a file given to this page, and the two that stand for a capture. */
const playedSchemes: ReadonlySet<string> = new Set(["http:", "https:", "blob:", "screen:", "camera:"]);

const refusedNext: Readonly<Record<string, string>> = {
  "javascript:": "That is a program, not a stream. Paste the http or https address of the stream.",
  "file:": "A page may not open files by their address. Drop the file on this page instead.",
  "data:": "Data addresses are not played. Drop the file on this page, or paste an http or https address.",
  "rtmp:": "Browsers do not play RTMP. Paste the HLS, DASH or WHEP address of the same stream.",
  "rtmps:": "Browsers do not play RTMP. Paste the HLS, DASH or WHEP address of the same stream.",
  "srt:": "Browsers do not play SRT. Paste the HLS, DASH or WHEP address of the same stream.",
  "rtsp:": "Browsers do not play RTSP. Paste the HLS, DASH or WHEP address of the same stream.",
};

/** Parts of an address as far as they decide whether it is played (RFC 3986 section 3). */
const addressPattern = /^(?<scheme>[a-z][a-z0-9+.-]*:)(?:\/\/(?<user>[^/?#]*@)?(?<host>[^/?#@]*))?/i;

/** Reads an address to play, or says why it is none. Nothing is fetched. The answer has no white space around it. */
export function readSource(text: string): Result<string> {
  const address = text.trim();
  if (address.length > maxAddressLength)
    return fail(notPlayed(address, `The address is longer than ${maxAddressLength} characters.`));
  const { scheme = "", user, host = "" } = addressPattern.exec(address)?.groups ?? {};
  const protocol = scheme.toLowerCase();
  if (!playedSchemes.has(protocol))
    return fail(notPlayed(address, refusedNext[protocol] ?? nextFor(address)));
  if (user !== undefined)
    return fail(
      notPlayed(
        `${protocol}//…@${host}`,
        "Browsers send no name and password out of an address. Use a signed address, or a token for WHEP.",
      ),
    );
  if (/\s/.test(address) || (protocol.startsWith("http") && host === ""))
    return fail(notPlayed(address, wholeAddress));
  return succeed(address);
}

/** Words for what is neither an address nor a code: what looks like a piece of a code is taken for one. */
function nextFor(address: string): string {
  return /^[0-9a-z-]{1,12}$/i.test(address)
    ? "A code has 8 letters and digits, such as 7K3M-Q9TD: type it as the sender shows it, or paste a whole address."
    : wholeAddress;
}

const wholeAddress =
  "Paste a whole address that begins with http:// or https://, or a code such as 7K3M-Q9TD.";

/** One thing to play out of what was typed or pasted: a room or an address. */
export type PastedSource =
  | { readonly kind: "join"; readonly join: string }
  | { readonly kind: "url"; readonly url: string };

/**
 * Reads what a person pastes: join codes, links to a receiver page, addresses; several apart by spaces or lines.
 * @param here origin of this page: its own links with `join=` are codes
 */
export function readPasted(text: string, here: string): Result<readonly PastedSource[]> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return fail(nothingPasted);
  if (words.length > maxStreamCount) return fail(tooMany(words.length));
  const sources: PastedSource[] = [];
  for (const word of words) {
    const source = readWord(word, here);
    if (!source.ok) return source;
    sources.push(source.value);
  }
  return succeed(sources);
}

function readWord(word: string, here: string): Result<PastedSource> {
  const code = readJoinCode(word);
  if (code !== null) return succeed({ kind: "join", join: code });
  const address = readSource(word);
  if (!address.ok) return address;
  const isOurs = address.value.startsWith(`${here}/`);
  const joined = isOurs ? readJoinCode(/[?&]join=([^&#]*)/.exec(address.value)?.[1] ?? "") : null;
  if (joined !== null) return succeed({ kind: "join", join: joined });
  return succeed({ kind: "url", url: address.value });
}

function notPlayed(text: string, next: string): Failure {
  return { kind: "refused-input", what: "playing this address", where: text.slice(0, 200), next };
}

const nothingPasted: Failure = {
  kind: "refused-input",
  what: "adding a stream",
  where: "the box is empty",
  next: "Paste the address of a stream, or the code that a sender shows.",
};

function tooMany(count: number): Failure {
  return {
    kind: "refused-input",
    what: "adding streams",
    where: `${count} were pasted`,
    next: `At most ${maxStreamCount} are measured side by side: paste fewer, or remove some.`,
  };
}

/** An address without what may be secret in it (query, fragment), for words on screen. */
export function showSource(address: string): string {
  if (address.startsWith("screen:")) return "a shared tab or window";
  if (address.startsWith("camera:")) return "a camera";
  if (address.startsWith("blob:")) return "a file of this device";
  return address.replace(/^https?:\/\//i, "").replace(/[?#].*$/s, "");
}
