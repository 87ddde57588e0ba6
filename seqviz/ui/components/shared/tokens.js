// Tokens in words: whatever a token is, it is seen.
export const blank = (token) =>
  token.trim() === ""
    ? token.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥") || "∅"
    : token.replaceAll("\n", "⏎").replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length));
export const quoted = (token) => `“${blank(token)}”`;
