export type Cell = string | number | null;

const gap = "  ";

/** Control characters could break the table or inject terminal sequences. */
const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, " ");

/** Formats a table with headings; numbers are right-aligned, null is a dash. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [
    headings,
    ...rows.map((row) => row.map((cell) => (cell === null ? "–" : oneLine(String(cell))))),
  ];
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const numeric = headings.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  return texts
    .map((row) =>
      row
        .map((text, column) =>
          numeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
        )
        .join(gap)
        .trimEnd(),
    )
    .join("\n");
}
