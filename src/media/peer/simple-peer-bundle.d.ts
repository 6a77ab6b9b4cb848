/** The browser build of simple-peer, which brings its own Buffer and streams; the part of its face that is used. */
declare module "simple-peer/simplepeer.min.js" {
  type SimplePeer = {
    /** The connection beneath; null once destroyed. */
    readonly _pc: RTCPeerConnection | null;
    readonly connected: boolean;
    readonly destroyed: boolean;
    readonly destroying: boolean;
    readonly on: (event: string, listener: (first: unknown, second: unknown) => void) => void;
    readonly signal: (data: unknown) => void;
    readonly send: (text: string) => void;
    readonly negotiate: () => void;
    readonly addTransceiver: (track: MediaStreamTrack, init: RTCRtpTransceiverInit) => void;
    readonly destroy: () => void;
  };
  type SimplePeerOptions = {
    readonly initiator: boolean;
    readonly trickle: boolean;
    readonly objectMode: boolean;
    readonly config: RTCConfiguration;
  };
  const Peer: new (options: SimplePeerOptions) => SimplePeer;
  export { Peer as default, type SimplePeer };
}
