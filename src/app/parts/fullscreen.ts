/** Goes full screen with an element, or back. A browser that refuses leaves the page as it is. */
export function toggleFullscreen(element: HTMLElement | null): void {
  const settled =
    document.fullscreenElement === null ? element?.requestFullscreen() : document.exitFullscreen();
  // Refusal (no user gesture, no support) is visible by itself: nothing changes on screen.
  settled?.catch(() => undefined);
}
