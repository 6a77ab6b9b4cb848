import { createStore, type StoreApi } from "zustand/vanilla";

import { fail, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSnapshot } from "../../core/wire/automation.ts";
import { readKey } from "../../core/wire/query.ts";
import { completeSenderSetup, senderKeys, type SenderSetup } from "../../core/wire/setup.ts";
import { createPictures, type PictureAdapters, type Pictures, type Preview } from "./pictures.ts";
import { send, stoppedEarly, type Joinable, type SendAdapters } from "./send.ts";

/** A text of the form that is not as it has to be, by its key: it stands where it was typed, and is not in the setup. */
export type RefusedTexts = Readonly<Record<string, { readonly text: string; readonly failure: Failure }>>;

/** What the sender tab shows: what it does, its pictures beside that, and what was typed in vain. */
export type SenderState = {
  readonly doing: SenderSnapshot;
  readonly preview: Preview;
  readonly refused: RefusedTexts;
};

/** What the sender needs from the browser; the composition root makes them, tests bring fakes. */
export type SenderAdapters = PictureAdapters &
  SendAdapters & {
    /** Lets the next room have another code than the one before. */
    readonly forgetRoom: () => Promise<void>;
  };

/** The sender tab without its looks. Actions never reject; failures are in the state and in the results. */
export type Sender = {
  readonly store: StoreApi<SenderState>;
  /** Changes the setup; ignored while sending. Pictures that need nobody's leave are opened again to suit. */
  readonly configure: (change: Partial<SenderSetup>) => void;
  /** Takes the text of one key of the setup (`senderKeys`) as it was typed; ignored while sending. */
  readonly enter: (key: string, text: string) => void;
  /** The file to send where the scene is `file`. */
  readonly chooseFile: (file: File) => void;
  readonly chosenFile: () => File | null;
  /** Opens the pictures without sending them. */
  readonly openPreview: () => Promise<void>;
  /**
   * Resolves when viewers can come, or with the reason why they cannot. What is typed in vain is refused unless a setup is
   * given: without it, something else than what stands in the form would be sent.
   */
  readonly start: (given?: Partial<SenderSetup>) => Promise<Result<Joinable>>;
  readonly stop: () => void;
  /** Stops, and starts again under another join code: who has the one before comes in no more. */
  readonly renewCode: () => Promise<Result<Joinable>>;
  /** Shows a failure from outside, such as a bad address. */
  readonly refuse: (failure: Failure) => void;
};

/** Makes a sender. */
export function createSender(adapters: SenderAdapters, setup: SenderSetup): Sender {
  const store = createStore<SenderState>(() => ({
    doing: { phase: "idle", setup },
    preview: { kind: "none" },
    refused: {},
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
  // What was sent is over: the next start is another run, so its pictures are others.
  const finish = (failure: Failure | null) => {
    if (failure === null) end({ phase: "idle", setup: currentSetup() });
    else refuse(failure);
    pictures.close();
    pictures.openUnasked(currentSetup());
  };

  const begin = async (next: SenderSetup, signal: AbortSignal): Promise<Result<Joinable>> => {
    const source = await pictures.open(next);
    if (!source.ok || signal.aborted) return source.ok ? fail(stoppedEarly) : source;
    return send(adapters, { source: source.value, setup: next, show, onEnd: finish, signal });
  };

  const start = async (given?: Partial<SenderSetup>): Promise<Result<Joinable>> => {
    const complete = toStart(store.getState(), given);
    if (!complete.ok) {
      refuse(complete.failure);
      return complete;
    }
    end({ phase: "starting", setup: complete.value });
    sending = new AbortController();
    const { signal } = sending;
    const begun = await unlessStopped(begin(complete.value, signal), signal);
    if (!begun.ok && !signal.aborted) refuse(begun.failure);
    return begun;
  };

  const { configure, enter } = createEntries({ store, pictures, show, refuse });

  return {
    store,
    start,
    refuse,
    configure,
    enter,
    chooseFile: pictures.chooseFile,
    chosenFile: pictures.chosenFile,
    openPreview: async () => void (await pictures.open(currentSetup())),
    stop: () => finish(null),
    renewCode: async () => {
      finish(null);
      await adapters.forgetRoom();
      return start();
    },
  };
}

/** Ways reject with the signal's reason when aborted; anything else is a bug. */
async function unlessStopped(
  beginning: Promise<Result<Joinable>>,
  signal: AbortSignal,
): Promise<Result<Joinable>> {
  try {
    return await beginning;
  } catch (error) {
    if (signal.aborted) return fail(stoppedEarly);
    throw error;
  }
}

/** The setup to start with, unless something was typed in vain. */
function toStart({ doing, refused }: SenderState, given?: Partial<SenderSetup>): Result<SenderSetup> {
  const [typedInVain] = given === undefined ? Object.values(refused) : [];
  return typedInVain === undefined
    ? completeSenderSetup(doing.setup, given ?? {})
    : fail(typedInVain.failure);
}

/** What changes the setup from outside, none of it while sending. */
function createEntries(tab: {
  readonly store: StoreApi<SenderState>;
  readonly pictures: Pictures;
  readonly show: (doing: SenderSnapshot) => void;
  readonly refuse: (failure: Failure) => void;
}): Pick<Sender, "configure" | "enter"> {
  const { store, pictures, show, refuse } = tab;
  const isBusy = () => ["sending", "starting"].includes(store.getState().doing.phase);
  const configure = (change: Partial<SenderSetup>): void => {
    if (isBusy()) return;
    const complete = completeSenderSetup(store.getState().doing.setup, change);
    if (!complete.ok) return refuse(complete.failure);
    show({ phase: "idle", setup: complete.value });
    return pictures.openUnasked(complete.value);
  };
  const enter = (key: string, text: string): void => {
    if (isBusy()) return;
    const read = readKey(senderKeys, key, text);
    const { [key]: _before, ...others } = store.getState().refused;
    store.setState({ refused: read.ok ? others : { ...others, [key]: { text, failure: read.failure } } });
    if (read.ok) configure(read.value);
  };
  return { configure, enter };
}
