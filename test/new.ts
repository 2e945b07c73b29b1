import { readCommandLine } from "../mixins/support/command-line.ts";
import { Changes } from "./new/changes.ts";
import { kinds } from "./new/kinds.ts";

const line = {
  name: "new",
  about:
    "Writes a service, resource, action, event, job or payment provider with a first test. It overwrites nothing.",
  positionals: "KIND NAME",
  options: {},
  notes: Object.entries(kinds)
    .map(([kind, { takes, about }]) => `${`${kind} ${takes}`.padEnd(20)}  ${about}`)
    .join("\n"),
} as const;

const { kind, changes, next } = await readCommandLine(line, async (_values, [what = "", name, more]) => {
  if (more !== undefined) throw new TypeError(`Unexpected argument '${more}'`);
  const kind = kinds[what];
  if (!kind) throw new TypeError(`'${what}' is none of ${Object.keys(kinds).join(", ")}`);
  if (name === undefined) throw new TypeError(`${what} takes a ${kind.takes}`);
  const changes = new Changes();
  const next = await kind.plan(name, changes);
  return { kind, changes, next };
});

changes.write();
// Only now, since the lists of services and providers are read when it is loaded.
const rendered = kind.isDeployed ? await (await import("../deploy/render/main.ts")).render() : [];
const tests = changes.created.filter((file) => file.endsWith(".test.ts"));
const paragraphs = [
  ["Created:", ...changes.created],
  ["Changed:", ...changes.changed],
  ["Rendered (npm run render):", ...rendered],
  ["Next:", `npm run test:jest -- ${tests.join(" ")}`, ...next],
];
const shown = paragraphs.filter(({ length }) => length > 1).map((lines) => lines.join("\n  "));
process.stdout.write(`${shown.join("\n")}\n`);
