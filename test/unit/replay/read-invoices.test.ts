import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readInvoices } from "../../replay/read-invoices.ts";

const small = join(import.meta.dirname, "../../replay/fixtures/small.csv");
const header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
const line = "1,10001,LAMP,1,03-01-2021 09:15,1.00,5,France";

describe("reading invoices", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "replay-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const fileOf = async (content: string) => {
    const file = join(directory, `${crypto.randomUUID()}.csv`);
    await writeFile(file, content);
    return file;
  };

  test("each line is in an invoice or refused with a reason", async () => {
    const { lines, invoices, refusals } = await readInvoices(small);
    expect(lines).toBe(33);
    expect(invoices.flatMap((invoice) => invoice.lines)).toHaveLength(lines - refusals.length);
    const counts = [...Map.groupBy(refusals, ({ reason }) => reason)].map(([reason, { length }]) => [
      reason,
      length,
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      "not-a-product": 2,
      "several-customers-on-invoice": 1,
      "cancellation-of-nothing": 1,
      "non-positive-quantity": 1,
      "zero-price": 2,
      "unknown-kind-of-invoice": 1,
      "fraction-of-a-penny": 1,
      "negative-price": 1,
      "malformed-quantity": 1,
      "malformed-price": 1,
      "malformed-date": 1,
      "malformed-customer": 1,
      "malformed-stock-code": 1,
      "price-too-high": 1,
      "quantity-too-high": 1,
      "malformed-line": 1,
    });
  });

  test("invoices keep the file's order, and know their customer and kind", async () => {
    const { invoices } = await readInvoices(small);
    expect(invoices.map(({ number, kind, customer }) => [number, kind, customer])).toEqual([
      ["100001", "sale", "501"],
      ["100002", "sale", undefined],
      ["100003", "sale", "502"],
      ["C100004", "cancellation", "501"],
      ["C100005", "cancellation", "501"],
      ["C100007", "cancellation", undefined],
      ["C100008", "cancellation", "502"],
      ["100011", "sale", "503"],
    ]);
  });

  test("a quote in the middle of a name is part of it", async () => {
    const { invoices } = await readInvoices(small);
    const names = invoices.flatMap(({ lines }) => lines.map(({ description }) => description));
    expect(names).toContain('FRAME 7" WOOD');
    expect(names).toContain('TIN SIGN "OPEN", BLUE');
  });

  test("the lines of one invoice may stand apart", async () => {
    const other = line.replace(/^1/, "2");
    const { invoices } = await readInvoices(await fileOf([header, line, other, line].join("\r\n")));
    expect(invoices.map(({ number, lines }) => [number, lines.map(({ row }) => row)])).toEqual([
      ["1", [2, 4]],
      ["2", [3]],
    ]);
  });

  test("no more lines are read than asked for", async () => {
    expect(await readInvoices(small, 4)).toMatchObject({ lines: 4, invoices: [{ number: "100001" }] });
    expect(await readInvoices(small, 1000)).toMatchObject({ lines: 33 });
  });

  test("a byte order mark before the header is no part of it", async () => {
    expect(await readInvoices(await fileOf(`\uFEFF${header}\n${line}`))).toMatchObject({
      lines: 1,
      refusals: [],
    });
  });

  test("a header alone is a file without invoices", async () => {
    expect(await readInvoices(await fileOf(header))).toMatchObject({ lines: 0, invoices: [], refusals: [] });
  });

  test.each([
    ["nothing", "", "but is nothing"],
    ["another header", "Invoice,StockCode\n", "but is Invoice,StockCode"],
    ["a quote that is never closed", `${header}\n1,2,"LAMP\n`, "is not readable as CSV"],
    ["no end of line", "x".repeat(200_000), "is not readable as CSV"],
  ])("a file with %s is refused in one line", async (_name, content, message) => {
    const refused = readInvoices(await fileOf(content));
    await expect(refused).rejects.toMatchObject({
      name: "ReplayError",
      message: expect.stringContaining(message),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("\n") });
  });

  test("a missing file and a directory are named", async () => {
    const missing = join(directory, "missing.csv");
    await expect(readInvoices(missing)).rejects.toThrow(`${missing}: there is no such file`);
    await expect(readInvoices(directory)).rejects.toThrow(`${directory} cannot be read (EISDIR)`);
  });
});
