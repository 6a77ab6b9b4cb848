import type { ClipFacts } from "../../core/clip/clip.ts";
import { fail, reason, succeed, type Failure, type FailureKind, type Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import { createDeferred } from "../link/deferred.ts";
import { processTrack } from "./breakout-box.ts";

/** Pictures from a camera, screen or file to draw the marker over. Whoever opened it closes it. */
export type Input = {
  /** To be transferred to the worker; null: give it what `grab` returns whenever it asks. */
  readonly pictures: ReadableStream<VideoFrame> | null;
  /** The picture that is shown now; null where there is none yet. */
  readonly grab: () => Promise<ImageBitmap | null>;
  /** Settles when the pictures end by themselves: a camera unplugged, a screen no longer shared. */
  readonly lost: Promise<Failure>;
  readonly close: () => void;
  /** Where a file is decoded picture by picture: what it is, and the port that gives its pictures, to be transferred to the worker. */
  readonly clip: { readonly facts: ClipFacts; readonly port: MessagePort } | null;
};

/** Asks for the camera at about the size and pace of the setup. */
export async function openCamera({ widthPx, heightPx, fps }: SenderSetup): Promise<Result<Input>> {
  const constraints = {
    audio: false,
    video: { width: { ideal: widthPx }, height: { ideal: heightPx }, frameRate: { ideal: fps } },
  };
  return openCapture("camera", (devices) => devices.getUserMedia(constraints));
}

/** Asks for a screen, window or tab; browsers allow it only upon a click. */
export async function openScreen({ fps }: SenderSetup): Promise<Result<Input>> {
  const constraints = { audio: false, video: { frameRate: { ideal: fps } } };
  return openCapture("screen", (devices) => devices.getDisplayMedia(constraints));
}

/** Plays a video file over and over; which of its pictures a frame shows is then not known. */
export async function playFile(file: File): Promise<Result<Input>> {
  const url = URL.createObjectURL(file);
  const video = createElement();
  video.loop = true;
  video.src = url;
  try {
    await video.play();
  } catch (error) {
    URL.revokeObjectURL(url);
    return fail({
      kind: "refused-input",
      what: "This browser cannot play the file",
      where: file.name,
      next: "Choose a video this browser can play: H.264 in MP4 or VP9 in WebM are in most.",
      cause: reason(error),
    });
  }
  const stream = captureElement(video);
  const [track] = stream?.getVideoTracks() ?? [];
  return succeed({
    pictures: track === undefined ? null : (processTrack(track)?.readable ?? null),
    grab: () => grab(video),
    clip: null,
    lost: createDeferred<Failure>().promise,
    close: () => {
      video.pause();
      video.removeAttribute("src");
      track?.stop();
      URL.revokeObjectURL(url);
    },
  });
}

type Device = "camera" | "screen";

async function openCapture(
  device: Device,
  ask: (devices: MediaDevices) => Promise<MediaStream>,
): Promise<Result<Input>> {
  // The DOM library has it always; browsers have it on secure pages alone.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return fail(insecure(device));
  try {
    return succeed(await toInput(device, await ask(devices)));
  } catch (error) {
    return fail(captureFailure(device, error));
  }
}

async function toInput(device: Device, stream: MediaStream): Promise<Input> {
  const lost = createDeferred<Failure>();
  const [track] = stream.getVideoTracks();
  track?.addEventListener("ended", () => lost.settle(takenAway(device)));
  const pictures = track === undefined ? null : (processTrack(track)?.readable ?? null);
  const video = createElement();
  if (pictures === null) {
    video.srcObject = stream;
    await video.play();
  }
  return {
    pictures,
    grab: () => grab(video),
    clip: null,
    lost: lost.promise,
    close: () => {
      video.srcObject = null;
      for (const other of stream.getTracks()) other.stop();
    },
  };
}

function createElement(): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  return video;
}

/** `HTMLMediaElement.captureStream` (W3C mediacapture-fromelement), which the DOM library does not know. */
function captureElement(video: HTMLVideoElement & { captureStream?: () => MediaStream }): MediaStream | null {
  return video.captureStream?.() ?? null;
}

async function grab(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  return video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA ? null : createImageBitmap(video);
}

const nameOf: Readonly<Record<Device, string>> = { camera: "the camera", screen: "the screen" };

function insecure(device: Device): Failure {
  return {
    kind: "unsupported",
    what: `This browser does not give this page ${nameOf[device]}`,
    where: location.origin,
    next: "Open the page by https or from localhost: browsers give cameras and screens to secure pages alone.",
  };
}

function takenAway(device: Device): Failure {
  return {
    kind: "ended-early",
    what: device === "camera" ? "The camera was taken away" : "The screen is no longer shared",
    where: nameOf[device],
    next: "Start again when it is there again.",
  };
}

/** What the names of DOMException mean here (W3C mediacapture-streams, getUserMedia; screen-capture, getDisplayMedia). */
const captureErrors: Readonly<
  Record<string, { readonly kind: FailureKind; readonly said: string; readonly next: string }>
> = {
  NotAllowedError: {
    kind: "denied",
    said: "was refused",
    next: "Allow it in the browser's address bar (or in the system's privacy settings) and start again.",
  },
  NotFoundError: {
    kind: "unsupported",
    said: "was not found",
    next: "Connect one, or choose another scene.",
  },
  NotReadableError: {
    kind: "denied",
    said: "is in use or cannot be read",
    next: "Close other programs that use it and start again.",
  },
  OverconstrainedError: {
    kind: "unsupported",
    said: "cannot give pictures like these",
    next: "Choose another size or frame rate.",
  },
  InvalidStateError: {
    kind: "denied",
    said: "can only be asked for by a click",
    next: "Press the start button rather than starting by the link.",
  },
};

function captureFailure(device: Device, error: unknown): Failure {
  const known = error instanceof DOMException ? captureErrors[error.name] : undefined;
  const { kind, said, next } = known ?? {
    kind: "unsupported",
    said: "could not be opened",
    next: "Choose another scene, or another browser.",
  };
  const name = nameOf[device];
  const what = `${name.charAt(0).toUpperCase()}${name.slice(1)} ${said}`;
  return { kind, what, where: name, next, cause: reason(error) };
}
