import type { PublishWay } from "../way.ts";

/** RTMP and SRT, by way of the page's server: pages cannot speak either. */
export const way: PublishWay = {
  id: "relay",
  label: "RTMP or SRT",
  about:
    "The encoded stream goes to this page's server, whose ffmpeg sends it on as it is. Targets are allowed when the server is started (--relay-to).",
  fields: [
    {
      key: "target",
      label: "Target",
      control: { kind: "secret" },
      hint: "rtmp://host/app/key, rtmps://host/app/key or srt://host:port?streamid=…, with its stream key; it stands in no link that this page makes.",
    },
    {
      key: "play",
      label: "Viewers' address",
      control: { kind: "text", placeholder: "https://host/live/stream.m3u8" },
      hint: "Where viewers find the stream, if the target gives it out: the receiver's link is made of it.",
    },
  ],
  load: async () => (await import("./open.ts")).publishByRelay,
};
