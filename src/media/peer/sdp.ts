const fmtpLine = /^a=fmtp:(\d+) (.*)$/;
const codecLine = /^a=rtpmap:(\d+) (H264|VP8|VP9|AV1)\//i;

/**
 * Has Chromium begin its bandwidth estimate at a bitrate rather than at 300 kbit/s, by the codec parameter
 * `x-google-start-bitrate` in the description that the sending end is given. Browsers that do not know it ignore it.
 */
export function withStartBitrate(sdp: string, startKbps: number): string {
  const lines = sdp.split("\r\n");
  const videoTypes = new Set(lines.flatMap((line) => codecLine.exec(line)?.[1] ?? []));
  const described = new Set(lines.flatMap((line) => fmtpLine.exec(line)?.[1] ?? []));
  const parameter = `x-google-start-bitrate=${Math.round(startKbps)}`;
  return lines
    .flatMap((line) => {
      const fmtp = fmtpLine.exec(line)?.[1];
      if (fmtp !== undefined && videoTypes.has(fmtp)) return [`${line};${parameter}`];
      const type = codecLine.exec(line)?.[1];
      if (type !== undefined && !described.has(type)) return [line, `a=fmtp:${type} ${parameter}`];
      return [line];
    })
    .join("\r\n");
}

/** Whether a description refuses its video: port 0 in the media line (RFC 8829 section 5.3.1). */
export function isVideoRefused(sdp: string): boolean {
  return /^m=video 0 /m.test(sdp);
}

/**
 * Takes out feedback and parameter lines of payload types that their media line does not list. Firefox 153 leaves them behind
 * when codec preferences leave codecs out, and Chromium refuses such a description ("Failed to parse codecs correctly").
 * Needless once a Firefox offer made after `setCodecPreferences` has no `a=rtcp-fb` of an absent type.
 */
export function withoutStrays(sdp: string): string {
  let listed: ReadonlySet<string> | null = null;
  return sdp
    .split("\r\n")
    .filter((line) => {
      if (line.startsWith("m="))
        listed = line.startsWith("m=video ") ? new Set(line.split(" ").slice(3)) : null;
      const type = /^a=(?:rtcp-fb|fmtp):(\d+) /.exec(line)?.[1];
      return type === undefined || listed === null || listed.has(type);
    })
    .join("\r\n");
}
