// Pairs of colours that stand on each other in the sheet: what axe cannot judge (drawings, states) is counted here.
import { DESK, holds, source, test } from "./harness.mjs";

const tokens = Object.fromEntries([...source("assets/style.css").matchAll(/--([a-z0-9-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value]));
const TEXT = 4.5, SHAPE = 3;
const PAIRS = [
  ["ink", "paper", TEXT], ["ink", "surface", TEXT], ["muted", "paper", TEXT], ["muted", "surface", TEXT], ["link", "paper", TEXT],
  ["link", "surface", TEXT], ["visited", "paper", TEXT], ["paper", "brand", TEXT], ["paper", "link", TEXT], ["paper", "link-dark", TEXT],
  ["good", "good-tint", TEXT], ["good", "paper", TEXT], ["warn", "warn-tint", TEXT], ["warn", "paper", TEXT], ["bad", "bad-tint", TEXT], ["bad", "paper", TEXT],
  ["draft", "draft-tint", TEXT], ["link", "info-tint", TEXT], ["ink", "info-tint", TEXT], ["ink", "warn-tint", TEXT], ["ink", "bad-tint", TEXT],
  ["ink", "good-tint", TEXT], ["muted", "info-tint", TEXT], ["muted", "draft-tint", TEXT],
  ["field", "paper", SHAPE], ["ink", "halo", SHAPE], ["halo", "brand", SHAPE],
  ["series-1", "paper", SHAPE], ["series-2", "paper", SHAPE], ["series-3", "paper", SHAPE], ["series-4", "paper", SHAPE],
];

function light(colour) {
  const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
  const [r, g, b] = [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one, other) {
  const [a, b] = [light(tokens[one]), light(tokens[other])].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

test("contrast of each pair of tokens is enough", { sizes: [DESK], script: [false] }, async () => {
  const named = new Set(PAIRS.flatMap(([one, other]) => [one, other]));
  for (const name of Object.keys(tokens)) holds(named.has(name) || name === "line", `the colour --${name} is in no pair`);
  const weak = PAIRS.filter(([one, other, least]) => !(contrast(one, other) >= least)).map(([one, other]) => `${one} on ${other}: ${contrast(one, other).toFixed(2)}`);
  holds(weak.length === 0, weak.join("; "));
});
