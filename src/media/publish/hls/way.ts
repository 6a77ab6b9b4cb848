import type { SenderSetup } from "../../../core/wire/setup.ts";
import type { PublishWay } from "../way.ts";

const segmentChoices = [
  { value: "auto", label: "Auto" },
  ...["0.5", "1", "2", "4", "6", "10"].map((value) => ({ value, label: `${value} s` })),
] as const;

const partChoices = [
  { value: "0", label: "None (plain)" },
  ...["100", "200", "333", "500", "1000"].map((value) => ({ value, label: `${value} ms` })),
] as const;

const isElsewhere = ({ putUrl }: SenderSetup): boolean => putUrl !== "";

const isSigned = ({ putUrl, s3KeyId }: SenderSetup): boolean => putUrl !== "" && s3KeyId !== "";

/** HLS and low-latency HLS, encoded in the page and put to an origin over HTTP. */
export const way: PublishWay = {
  id: "hls",
  label: "HLS and low-latency HLS",
  about:
    "Segments and playlists are put to this page's server, or to any server that takes PUT; every HLS player can play them.",
  fields: [
    {
      key: "part",
      label: "Parts",
      control: { kind: "choice", choices: partChoices },
      hint: "Parts make it low-latency: players stay about three parts behind, else three segments.",
    },
    {
      key: "segment",
      label: "Segments",
      control: { kind: "choice", choices: segmentChoices },
      hint: "Auto: 1 s with parts, 2 s without.",
    },
    {
      key: "ladder",
      label: "Ladder",
      control: { kind: "flag" },
      hint: "1080, 720 and 360 lines as far as the picture has them, an encoder each.",
    },
    {
      key: "put",
      label: "PUT to another server",
      control: { kind: "text", placeholder: "https://host/live/{name}" },
      hint: "Empty: this page's own server. {name} stands for the file's name; what follows a ? may be a signature.",
    },
    {
      key: "header",
      label: "Headers of each PUT",
      control: { kind: "lines", placeholder: "Authorization: Bearer …" },
      hint: "One a line. They stand in no link that this page makes.",
      isShown: isElsewhere,
    },
    {
      key: "s3id",
      label: "S3 access key id",
      control: { kind: "text" },
      hint: "For a bucket's address, such as https://bucket.s3.amazonaws.com/live/{name}: each PUT is signed here. Empty: none is.",
      isShown: isElsewhere,
    },
    {
      key: "s3secret",
      label: "S3 secret access key",
      control: { kind: "secret" },
      hint: "Stays in this tab, and goes to no server: only signatures do. Better temporary credentials that may do no more than put here.",
      isShown: isSigned,
    },
    {
      key: "s3session",
      label: "S3 session token",
      control: { kind: "secret" },
      hint: "Of temporary credentials; else empty.",
      isShown: isSigned,
    },
    {
      key: "s3region",
      label: "S3 region",
      control: { kind: "text", placeholder: "eu-central-1" },
      hint: "Empty: as the address says, else us-east-1.",
      isShown: isSigned,
    },
    {
      key: "play",
      label: "Viewers' address",
      control: { kind: "text", placeholder: "https://cdn.host/live/index.m3u8" },
      hint: "Where index.m3u8 is played, if not where it is put.",
      isShown: isElsewhere,
    },
  ],
  load: async () => (await import("./open.ts")).publishHls,
};
