/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What stands for a secret: `${NAME}`. */
const reference = /\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Whether a text names a secret. */
export function namesSecret(text: string): boolean {
  return text.search(reference) >= 0;
}

/** The names of the secrets in a text. */
export function secretNames(text: string): readonly string[] {
  return [...text.matchAll(reference)].map(({ groups }) => groups?.["name"] ?? "");
}

/** Text with every `${NAME}` filled in, or the first name that the environment lacks (unset or empty). */
export function fillSecrets(
  text: string,
  environment: Environment,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly name: string } {
  const missing = secretNames(text).find((name) => (environment[name] ?? "") === "");
  if (missing !== undefined) return { ok: false, name: missing };
  return { ok: true, text: text.replaceAll(reference, (_, name: string) => environment[name] ?? "") };
}
