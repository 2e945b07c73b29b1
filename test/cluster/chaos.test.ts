import { describe, expect, test } from "@jest/globals";
import { formatReport } from "../chaos/report.ts";
import { runChaos } from "../chaos/run-chaos.ts";
import { tell } from "./proof.ts";

describe("chaos", () => {
  test("after half a minute of faults, what clients were told and what the databases say agree", async () => {
    const report = await runChaos({
      seed: 20_264,
      durationMs: 30_000,
      buyers: 6,
      pauseMs: 2500,
      smallDisks: false,
      keep: false,
      tell,
    });
    tell(formatReport(report));
    expect(report.findings).toEqual([]);
    expect(report.misfortunes.length).toBeGreaterThan(5);
    expect(report.orders).toBeGreaterThan(0);
  }, 300_000);
});
