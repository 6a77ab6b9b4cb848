/** ICE lines of an SDP as `application/trickle-ice-sdpfrag` (RFC 8840 section 9) wants them: for the first media section, which is bundled with the rest. */
export function toIceFragment(sdp: string): string {
  const lines = sdp.split(/\r?\n/);
  const wanted = lines.filter((line) => /^a=(?:ice-ufrag|ice-pwd|ice-options)/.test(line));
  const media = lines.find((line) => line.startsWith("m="));
  const mid = lines.find((line) => line.startsWith("a=mid:"));
  const candidates = lines.filter((line) => line.startsWith("a=candidate:"));
  const parts = [...new Set(wanted), media, mid, ...new Set(candidates)];
  return `${parts.filter((line) => line !== undefined).join("\r\n")}\r\n`;
}

/** A server's earlier answer with the ICE lines of its answer to a restart in the place of the old ones. */
export function withIceFragment(answer: string, fragment: string): string {
  const fresh = fragment.split(/\r?\n/);
  const lineOf = (name: string): string | undefined => fresh.find((line) => line.startsWith(`a=${name}:`));
  const [ufrag, password] = [lineOf("ice-ufrag"), lineOf("ice-pwd")];
  const candidates = fresh.filter((line) => line.startsWith("a=candidate:")).join("\r\n");
  const passwordAndCandidates =
    candidates === "" || password === undefined ? password : `${password}\r\n${candidates}`;
  return answer
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("a=candidate:") && !line.startsWith("a=end-of-candidates"))
    .map((line) => {
      if (line.startsWith("a=ice-ufrag:")) return ufrag ?? line;
      if (line.startsWith("a=ice-pwd:")) return passwordAndCandidates ?? line;
      return line;
    })
    .join("\r\n");
}
