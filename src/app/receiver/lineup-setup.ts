import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { showJoinCode } from "../../core/wire/signalling.ts";
import { showSource } from "../../core/wire/source.ts";
import type { LineupState } from "./lineup.ts";

/** A setup with one stream for each that a setup names; one without any where it names none. */
export function splitSetup(setup: ReceiverSetup): readonly ReceiverSetup[] {
  const plain: ReceiverSetup = { ...setup, join: "", urls: [], kinds: [], control: 1 };
  const room = setup.join === "" ? [] : [{ ...plain, join: setup.join }];
  const addresses: ReceiverSetup[] = [];
  for (const [index, url] of setup.urls.entries())
    addresses.push(Object.assign({}, plain, { urls: [url], kinds: [setup.kinds[index] ?? "auto"] }));
  const all = [...room, ...addresses];
  return all.length === 0 ? [plain] : all;
}

/** The setup that names all streams of a line-up. */
export function joinSetups({ entries, controlId }: LineupState): ReceiverSetup {
  const setups = entries.map(({ receiver }) => receiver.store.getState().setup);
  const [shared] = setups;
  if (shared === undefined) throw new Error("a line-up is never empty");
  const kinds = setups.flatMap((setup) => setup.kinds);
  return {
    ...shared,
    join: setups.find((setup) => setup.join !== "")?.join ?? "",
    urls: setups.flatMap((setup) => setup.urls),
    kinds: kinds.some((kind) => kind !== "auto") ? kinds : [],
    control:
      1 +
      Math.max(
        0,
        entries.findIndex(({ id }) => id === controlId),
      ),
  };
}

/** What a line-up does as a whole: what any of its streams does, going on before failing before idle. */
export function phaseOf({ entries }: LineupState): "idle" | "measuring" | "failed" {
  const phases = entries.map(({ receiver }) => receiver.store.getState().phase);
  if (phases.some((phase) => phase === "joining" || phase === "measuring")) return "measuring";
  return phases.includes("failed") ? "failed" : "idle";
}

/** A setup as it may stand in a link: without a token, and without files, which only this page has. */
export function toLinkSetup(setup: ReceiverSetup): ReceiverSetup {
  const isLinkable = setup.urls.map((url) => !url.startsWith("blob:"));
  const roomCount = setup.join === "" ? 0 : 1;
  const leftOutBefore = isLinkable
    .slice(0, Math.max(0, setup.control - 1 - roomCount))
    .filter((is) => !is).length;
  return {
    ...setup,
    token: "",
    control: isLinkable[setup.control - 1 - roomCount] === false ? 1 : setup.control - leftOutBefore,
    urls: setup.urls.filter((_, index) => isLinkable[index]),
    kinds: setup.kinds.filter((_, index) => isLinkable[index]),
  };
}

/** What a stream is called on screen. */
export function labelOf({ join, urls }: ReceiverSetup): string {
  const [address] = urls;
  if (address !== undefined) return fileNames.get(address) ?? showSource(address);
  return join === "" ? "no stream" : `sender ${showJoinCode(join)}`;
}

/** What stands in the box for a stream that can be named there; empty for files and captures. */
export function typedOf({ join, urls }: ReceiverSetup): string {
  const [address] = urls;
  if (address !== undefined) return /^https?:/i.test(address) ? address : "";
  return join === "" ? "" : showJoinCode(join);
}

/** Names of the files given to this page, by their `blob:` addresses. */
const fileNames = new Map<string, string>();

/** Makes an address of this page for a file of the user's. It stands until the page is closed. */
export function addressOfFile(file: File): string {
  const address = URL.createObjectURL(file);
  fileNames.set(address, file.name);
  return address;
}
