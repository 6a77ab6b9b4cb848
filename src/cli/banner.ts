import { drawQr } from "./terminal-qr.ts";

/** What a started server says of itself. */
export type StartFacts = {
  readonly version: string;
  /** For this machine; empty when it listens on one other address only. */
  readonly local: string;
  /** For other devices, the likeliest first. */
  readonly network: readonly string[];
  readonly https: boolean;
  /** SHA-256 of the certificate, to compare with what a browser shows; null without https. */
  readonly fingerprint: string | null;
  readonly development: boolean;
  /** File with the token that other devices need to see runs; null where the environment gives the token. */
  readonly tokenFile: string | null;
};

/** How the terminal takes it. */
export type BannerStyle = { readonly coloured: boolean };

/** The lines a person reads after starting: where to go, what the browser will say, and a code to scan. */
export function writeBanner(facts: StartFacts, style: BannerStyle): string {
  const { network } = facts;
  const lines = [
    `Streamgauge ${facts.version}${facts.development ? ", reloading on change" : ""}`,
    "",
    ...(facts.local === "" ? [] : [`  Local:   ${facts.local}`]),
    ...network.map((url) => `  Network: ${url}`),
    "",
    ...(network.length === 0 ? noNetwork(facts) : withNetwork(facts, network[0] ?? "", style)),
    ...(network.length === 0 ? [] : [tokenWords(facts)]),
    "  /sender sends a stream, /receiver measures one, /runs shows what was kept. Ctrl-C ends.",
    "",
  ];
  return lines.join("\n");
}

function tokenWords({ tokenFile }: StartFacts): string {
  const place = tokenFile === null ? "of STREAMGAUGE_TOKEN" : `in ${tokenFile}`;
  return `  Other devices see runs with the token ${place}.`;
}

function noNetwork(facts: StartFacts): readonly string[] {
  if (facts.https) return ["  This machine has no address that other devices could reach.", ""];
  return ["  Reachable from this machine only.", ""];
}

function withNetwork(facts: StartFacts, url: string, style: BannerStyle): readonly string[] {
  const code = drawQr(url, style.coloured ? "black-on-white" : "terminal")
    .split("\n")
    .map((line) => `  ${line}`);
  const scan = ["  Scan with another device in this network:", ...code, ""];
  if (!facts.https) {
    return [
      "  Without https, browsers on other devices refuse cameras, workers and codecs to this page.",
      "  Start without --no-https, or put a server with a certificate in front.",
      "",
      ...scan,
    ];
  }
  return [
    '  Other devices will warn once that "the connection is not private": this machine made its certificate itself.',
    "  Go on by Advanced > Proceed (Chrome, Edge, Firefox) or Show Details > visit this website (Safari).",
    `  To be sure it is this machine, compare the certificate's SHA-256: ${facts.fingerprint ?? ""}`,
    "",
    ...scan,
  ];
}
