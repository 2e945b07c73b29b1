import module from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Starts a node of the shop: `node services/node/main.js [services] [--repl]`, e.g. `catalog,orders`. Without
 * arguments it runs what `SERVICES` names, by default everything; `none --repl` is an operator's console in a cluster.
 */

// An older Node can neither load TypeScript nor say so clearly, but it reads this far: no import above is newer than it.
if (Number.parseInt(process.version.slice(1), 10) < 24) {
  process.stderr.write(
    `shopserver: needs Node 24 or newer, and this is ${process.version}. On Linux (x64, arm64) npm ci installs it, ` +
      "unless optional packages are omitted; on other systems install it yourself.\n",
  );
  process.exit(1);
}

// What Node made of the code is kept for the next start, which takes less than half as long then. Where the directory
// cannot be written to, nothing is kept. All code comes after this, so it is not imported above; and this is
// JavaScript, so that Node does not load its compiler of TypeScript, 17 MB and 50 ms, for the one file that is not kept.
module.enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url)));
await import("./run-node.ts");
