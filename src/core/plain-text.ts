/** NUL and halves of surrogate pairs: no PostgreSQL takes them, in text or in jsonb (errors 22021 and 22P05). */
const unstorable = /[\0\p{Cs}]/u;
const eachUnstorable = /[\0\p{Cs}]/gu;
const controls = /[\p{Cc}\p{Cs}]/u;
const controlsButLines = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** Whether a database can hold a text. */
export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** A text with U+FFFD for every character that no database can hold. */
export function toStorable(text: string): string {
  return text.replaceAll(eachUnstorable, "\uFFFD");
}

/** Whether a text is one line without control characters, as names, tags and queries are. */
export function isPlainLine(text: string): boolean {
  return !controls.test(text);
}

/** Whether a text has no control characters but tabs and line ends, as notes may. */
export function isPlainText(text: string): boolean {
  return !controlsButLines.test(text);
}

/** Whether a database can hold every text in a JSON document, the keys of its objects too. */
export function isStorableJson(json: string): boolean {
  // Raw, neither character stands in JSON that was UTF-8: only written as an escape.
  if (!json.includes(String.raw`\u`)) return true;
  let isGood = true;
  JSON.parse(json, (key, value: unknown) => {
    isGood &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  return isGood;
}

/** A value as JSON that databases can hold: as `toStorable` has its texts. */
export function stringifyStorable(value: unknown): string {
  const json = JSON.stringify(value);
  if (isStorableJson(json)) return json;
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? toStorable(each) : each));
}
