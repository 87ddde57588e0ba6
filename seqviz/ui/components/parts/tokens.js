// Tokens as text; spaces and control characters are made visible.

/** @type {(token: string) => string} */
export const blank = (token) =>
  token.trim() === ""
    ? token.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥") || "∅"
    : token.replaceAll("\n", "⏎").replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length));

/** @type {(token: string) => string} */
export const quoted = (token) => `“${blank(token)}”`;

/**
 * A token cut to at most `most` characters, ending in an ellipsis if it was longer.
 * @type {(token: string, most: number) => string}
 */
export const shortened = (token, most) =>
  Array.from(token).length > most
    ? `${Array.from(token)
        .slice(0, most - 1)
        .join("")}…`
    : token;
