import type { CodecName } from "../../core/wire/setup.ts";

/** The part of RTCRtpCodec that is used. */
export type Codec = { readonly mimeType: string; readonly sdpFmtpLine?: string };

/** What repairs or carries the chosen codec rather than being another one. */
const helpers = new Set(["video/rtx", "video/red", "video/ulpfec", "video/flexfec-03"]);

/**
 * The browser's codecs less every other video codec, for `setCodecPreferences`; empty when the codec is not there. H.264 comes
 * with packetization mode 1 first, which alone allows pictures of several packets in one NAL unit (RFC 6184 section 6.3).
 */
export function onlyCodec<Given extends Codec>(codecs: readonly Given[], name: CodecName): readonly Given[] {
  const mimeType = `video/${name}`;
  const chosen = codecs.filter((codec) => codec.mimeType.toLowerCase() === mimeType);
  if (chosen.length === 0) return [];
  const isWhole = (codec: Given): boolean => codec.sdpFmtpLine?.includes("packetization-mode=1") === true;
  return [
    ...chosen.filter(isWhole),
    ...chosen.filter((codec) => !isWhole(codec)),
    ...codecs.filter((codec) => helpers.has(codec.mimeType.toLowerCase())),
  ];
}
