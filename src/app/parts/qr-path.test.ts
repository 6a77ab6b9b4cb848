import { expect, it } from "vitest";

import { modulePath } from "./qr-path.ts";

it("draws each run of dark modules once, inside the quiet zone", () => {
  const dark = Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 1, 1]);
  expect(modulePath({ sideCount: 3, dark })).toBe("M4 4h2v1h-2zM5 6h2v1h-2z");
});
