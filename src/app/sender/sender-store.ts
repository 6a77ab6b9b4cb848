import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSnapshot } from "../../core/wire/automation.ts";
import { completeSenderSetup, type SenderSetup } from "../../core/wire/setup.ts";
import { createPictures, type PictureAdapters, type Preview } from "./pictures.ts";
import { send, stoppedEarly, type Joinable, type SendAdapters } from "./send.ts";

/** What the sender tab shows: what it does, and its pictures beside that. */
export type SenderState = { readonly doing: SenderSnapshot; readonly preview: Preview };

/** What the sender needs from the browser; the composition root makes them, tests bring fakes. */
export type SenderAdapters = PictureAdapters & SendAdapters;

/** The sender tab without its looks. Actions never reject; failures are in the state and in the results. */
export type Sender = {
  readonly store: StoreApi<SenderState>;
  /** Changes the setup; ignored while sending. Pictures that need nobody's leave are opened again to suit. */
  readonly configure: (change: Partial<SenderSetup>) => void;
  /** The file to send where the scene is `file`. */
  readonly chooseFile: (file: File) => void;
  /** Opens the pictures without sending them. */
  readonly openPreview: () => Promise<void>;
  /** Resolves when receivers can join, or with the reason why they cannot. */
  readonly start: (given?: Partial<SenderSetup>) => Promise<Result<Joinable>>;
  readonly stop: () => void;
  /** Shows a failure from outside, such as a bad address. */
  readonly refuse: (failure: Failure) => void;
};

/** Makes a sender. */
export function createSender(adapters: SenderAdapters, setup: SenderSetup): Sender {
  const store = createStore<SenderState>(() => ({
    doing: { phase: "idle", setup },
    preview: { kind: "none" },
  }));
  const pictures = createPictures(adapters, (preview) => store.setState({ preview }));
  let sending = new AbortController();

  const currentSetup = () => store.getState().doing.setup;
  const show = (doing: SenderSnapshot) => store.setState({ doing });
  const end = (doing: SenderSnapshot) => {
    sending.abort(new Error("the sender stopped"));
    show(doing);
  };
  const refuse = (failure: Failure) => end({ phase: "failed", setup: currentSetup(), failure });

  const begin = async (next: SenderSetup, signal: AbortSignal): Promise<Result<Joinable>> => {
    const source = await pictures.open(next);
    if (!source.ok || signal.aborted) return source.ok ? fail(stoppedEarly) : source;
    return send(adapters, { source: source.value, setup: next, show, signal });
  };

  const start = async (given: Partial<SenderSetup> = {}): Promise<Result<Joinable>> => {
    const complete = completeSenderSetup(currentSetup(), given);
    if (!complete.ok) {
      refuse(complete.failure);
      return complete;
    }
    end({ phase: "starting", setup: complete.value });
    sending = new AbortController();
    const { signal } = sending;
    try {
      const begun = await begin(complete.value, signal);
      if (!begun.ok && !signal.aborted) refuse(begun.failure);
      return begun;
    } catch (error) {
      // Ways reject with the signal's reason when aborted; anything else is a bug.
      if (signal.aborted) return fail(stoppedEarly);
      throw error;
    }
  };

  return {
    store,
    start,
    refuse,
    chooseFile: pictures.chooseFile,
    openPreview: async () => {
      await pictures.open(currentSetup());
    },
    configure: (change) => {
      const { phase } = store.getState().doing;
      if (phase === "sending" || phase === "starting") return;
      const complete = completeSenderSetup(currentSetup(), change);
      if (!complete.ok) return refuse(complete.failure);
      show({ phase: "idle", setup: complete.value });
      return pictures.openUnasked(complete.value);
    },
    stop: () => {
      end({ phase: "idle", setup: currentSetup() });
      pictures.close();
      pictures.openUnasked(currentSetup());
    },
  };
}
