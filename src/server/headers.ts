import type { ServerResponse } from "node:http";

/** Whether the page is built, or made on the fly by the development server, whose scripts and styles are partly inline. */
export type PageMode = "built" | "development";

function contentPolicy(mode: PageMode): string {
  const inline = mode === "development" ? " 'unsafe-inline'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${inline}`,
    `style-src 'self'${inline}`,
    // The receiver plays whatever URL it is given.
    "connect-src 'self' https: http: ws: wss: blob:",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: https: http:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const granted = ["autoplay", "camera", "display-capture", "fullscreen", "screen-wake-lock", "microphone"];
const denied = [
  "geolocation",
  "payment",
  "usb",
  "serial",
  "midi",
  "accelerometer",
  "gyroscope",
  "magnetometer",
];
const permissions = [...granted.map((name) => `${name}=(self)`), ...denied.map((name) => `${name}=()`)].join(
  ", ",
);

/**
 * Writes the headers that every answer carries. Cross-origin isolation (HTML spec, COOP and COEP) gives the page
 * SharedArrayBuffer and finer timers; `credentialless` still lets it play other origins' media.
 */
export function writeSecurityHeaders(response: ServerResponse, mode: PageMode): void {
  response.setHeader("Content-Security-Policy", contentPolicy(mode));
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "credentialless");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Permissions-Policy", permissions);
}
