// Tokens in words: whatever a token is, it is seen.

/** @type {(token: string) => string} */
export const blank = (token) =>
  token.trim() === ""
    ? token.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥") || "∅"
    : token.replaceAll("\n", "⏎").replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length));

/** @type {(token: string) => string} */
export const quoted = (token) => `“${blank(token)}”`;

/**
 * A token of at most `most` characters, the last of which then says that there are more.
 * @type {(token: string, most: number) => string}
 */
export const shortened = (token, most) =>
  Array.from(token).length > most
    ? `${Array.from(token)
        .slice(0, most - 1)
        .join("")}…`
    : token;
