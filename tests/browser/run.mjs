// run.mjs [--only TEXT] [SPEC...]: a spec's tests against a server of its own; all specs without one.
import { readdirSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runAll } from "./harness.mjs";

const words = process.argv.slice(2), at = words.indexOf("--only");
const only = at < 0 ? undefined : words.splice(at, 2)[1];
const self = fileURLToPath(import.meta.url), here = path.dirname(self);
const specs = words.length ? words : readdirSync(here, { recursive: true })
  .filter(name => name.endsWith(".spec.mjs") && !name.includes("node_modules")).sort().map(name => path.join(here, name));

if (specs.length === 1) {
  await import(pathToFileURL(path.resolve(specs[0])));
  process.exitCode = await runAll(only) ? 1 : 0;
} else {
  const outcomes = specs.map(spec => spawnSync(process.execPath, [self, ...(only ? ["--only", only] : []), spec], { stdio: "inherit" }).status);
  process.exitCode = outcomes.some(status => status !== 0) ? 1 : 0;
}
