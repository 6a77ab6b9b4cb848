/** Which colours the page wears: as the system asks, or as the user chose here. */
export type Theme = "system" | "light" | "dark";

const storageKey = "streamgauge.theme";

/** The theme chosen on this device; `system` when none was, or when the browser keeps nothing. */
export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(storageKey);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    // Storage can be forbidden by the browser's settings; the theme then lasts as long as the page.
    return "system";
  }
}

/** Wears a theme now and keeps it for the next visit. */
export function wearTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // As above: nothing is kept.
  }
}

/** The theme that follows in the toggle's round. */
export function nextTheme(theme: Theme): Theme {
  return ({ system: "light", light: "dark", dark: "system" } as const)[theme];
}
