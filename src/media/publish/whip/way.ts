import type { PublishWay } from "../way.ts";

/** WebRTC to a server by WHIP, which gives it out to many. */
export const way: PublishWay = {
  id: "whip",
  label: "WHIP",
  about:
    "WebRTC to a server or provider that takes WHIP and gives the stream out by WHEP, HLS or its own player.",
  fields: [
    {
      key: "whip",
      label: "WHIP endpoint",
      control: { kind: "text", placeholder: "https://host/live/whip" },
      hint: "As the provider shows it; it may hold a key, so it stands in no link that this page makes.",
    },
    {
      key: "token",
      label: "Bearer token",
      control: { kind: "secret" },
      hint: "Empty where the endpoint wants none.",
    },
    {
      key: "play",
      label: "Viewers' address",
      control: { kind: "text", placeholder: "https://host/live/whep" },
      hint: "WHEP or HLS address of the same stream: the receiver's link is made of it.",
    },
  ],
  load: async () => (await import("./open.ts")).publishByWhip,
};
