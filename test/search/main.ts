import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import { fillShop } from "./fill-shop.ts";
import { measureSearch } from "./measure.ts";
import { engines, openReportCatalogue } from "./open-report-catalogue.ts";
import { formatReport } from "./report.ts";

const line = {
  name: "search-report",
  about: "Asks labelled searches of a generated shop, and tells how well and how fast they are answered.",
  options: {
    products: { type: "string", value: "N", default: "5000", help: "so many products" },
    engine: {
      type: "string",
      value: "E",
      default: "sqlite",
      help: "sqlite, or mariadb (which starts a server of its own)",
    },
  },
} as const;

const { products, engine } = await readCommandLine(line, async (values) => {
  const engine = engines.find((name) => name === values.engine);
  if (engine === undefined) throw new TypeError(`--engine must be ${engines.join(" or ")}`);
  return { engine, products: wholeNumber("--products", values.products, 100, 1_000_000) };
});
await using undo = new AsyncDisposableStack();
const { database, processes, bytes } = await openReportCatalogue(engine, undo);
const start = performance.now();
await fillShop(database, products);
const fillMs = performance.now() - start;
const measured = await measureSearch(database, products, processes);
const [size] = await database.select<{ postings: number; words: number }>(
  "SELECT (SELECT COUNT(*) FROM search_postings) AS postings, (SELECT COUNT(*) FROM search_words) AS words",
);
const growth = {
  products,
  fillMs,
  bytes: await bytes(),
  postings: size?.postings ?? 0,
  words: size?.words ?? 0,
};
process.stdout.write(formatReport(measured, growth));
