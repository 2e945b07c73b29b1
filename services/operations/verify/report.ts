import type { ViolatingRow, Severity } from "../../../mixins/database/invariant.ts";

/** Result of one invariant. */
export interface Finding {
  readonly code: string;
  readonly says: string;
  readonly severity: Severity;
  /** Number of rows checked. */
  readonly checked: number;
  /** Number of violating rows. */
  readonly broken: number;
  /** Number of rows whose violation pending events excuse. */
  readonly underWay: number;
  /** The first violating rows, each with its service. */
  readonly rows: readonly ViolatingRow[];
}

export interface Report {
  /** True without violations; warnings do not count. */
  readonly ok: boolean;
  readonly shape: "embedded" | "cluster";
  readonly settled: boolean;
  /** RFC 3339, UTC. */
  readonly checkedAt: string;
  readonly findings: readonly Finding[];
  readonly violations: number;
  readonly warnings: number;
  readonly underWay: number;
}

export function reportOf(
  findings: readonly Finding[],
  about: Pick<Report, "shape" | "settled" | "checkedAt">,
): Report {
  const brokenOf = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).reduce((sum, { broken }) => sum + broken, 0);
  const violations = brokenOf("violation");
  return {
    ok: violations === 0,
    ...about,
    violations,
    warnings: brokenOf("warning"),
    underWay: findings.reduce((sum, { underWay }) => sum + underWay, 0),
    findings,
  };
}

/** The report as text: violations with their rows, then totals. */
export function reportText(report: Report): string {
  const broken = report.findings.filter((finding) => finding.broken > 0);
  const checked = report.findings.reduce((sum, finding) => sum + finding.checked, 0);
  const summary = [
    `${report.findings.length} invariants over ${checked} rows`,
    `${report.violations} violations`,
    `${report.warnings} warnings`,
    ...(report.underWay > 0 ? [`${report.underWay} not judged: their events are pending`] : []),
  ].join(", ");
  return [
    ...broken.map(findingText),
    `${report.ok ? "The shop's data agree" : "THE SHOP'S DATA DO NOT AGREE"}: ${summary}`,
  ].join("\n\n");
}

function findingText({ code, says, severity, broken, rows }: Finding): string {
  const shown = rows.map((row) => `    ${rowText(row)}`);
  const more = broken > rows.length ? [`    … and ${broken - rows.length} more`] : [];
  return [
    `${severity === "warning" ? "warning" : "VIOLATED"} ${code}: ${broken} ×`,
    `  ${says}. Violated by`,
    ...shown,
    ...more,
  ].join("\n");
}

/** Control characters could inject terminal sequences. */
function rowText(row: ViolatingRow): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${value === null ? "–" : String(value).replaceAll(/\p{Cc}+/gu, " ")}`)
    .join(", ");
}
