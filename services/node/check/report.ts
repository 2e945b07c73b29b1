import type { BrokenRow, Severity } from "../../../mixins/database/invariant.ts";

/** What was found of one invariant. */
export interface Finding {
  readonly code: string;
  readonly says: string;
  readonly severity: Severity;
  /** How many rows of its subject were looked at. */
  readonly checked: number;
  /** How many break it. */
  readonly broken: number;
  /** How many would break it, were their events not still on their way. */
  readonly underWay: number;
  /** The first of those that break it, each with the service whose data it is. */
  readonly rows: readonly BrokenRow[];
}

export interface Report {
  /** Whether nothing is violated; warnings do not count. */
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

/** The report for people: what is broken with the rows, then how much was looked at. */
export function reportText(report: Report): string {
  const broken = report.findings.filter((finding) => finding.broken > 0);
  const checked = report.findings.reduce((sum, finding) => sum + finding.checked, 0);
  const summary = [
    `${report.findings.length} invariants over ${checked} rows`,
    `${report.violations} violations`,
    `${report.warnings} warnings`,
    ...(report.underWay > 0 ? [`${report.underWay} not judged: their events are on their way`] : []),
  ].join(", ");
  return [...broken.map(findingText), `${report.ok ? "The shop's data agree" : "THE SHOP'S DATA DO NOT AGREE"}: ${summary}`].join(
    "\n\n",
  );
}

function findingText({ code, says, severity, broken, rows }: Finding): string {
  const shown = rows.map((row) => `    ${rowText(row)}`);
  const more = broken > rows.length ? [`    … and ${broken - rows.length} more`] : [];
  return [`${severity === "warning" ? "warning" : "VIOLATED"} ${code}: ${broken} ×`, `  ${says}. It is not so for`, ...shown, ...more].join(
    "\n",
  );
}

/** Texts from elsewhere do not command the terminal. */
function rowText(row: BrokenRow): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${value === null ? "–" : String(value).replaceAll(/\p{Cc}+/gu, " ")}`)
    .join(", ");
}
