import { stemOf } from "./stem.ts";
import type { Token } from "./tokens.ts";
import { piecesOf, tokensOf } from "./tokens.ts";

/** A found word in a text: UTF-16 offsets, the end exclusive. */
export interface Mark {
  readonly from: number;
  readonly to: number;
}

const excerptLength = 160;
/** Characters of an excerpt before its first found word. */
const leadLength = 40;

/** Where a text has one of the terms; neighbouring marks are one. */
export function marksOf(text: string, terms: ReadonlySet<string>): Mark[] {
  const marks: Mark[] = [];
  for (const mark of tokensOf(text).flatMap((token) => marksOfToken(token, terms))) {
    const last = marks.at(-1);
    if (last && mark.from <= last.to)
      marks[marks.length - 1] = { from: last.from, to: Math.max(last.to, mark.to) };
    else marks.push(mark);
  }
  return marks;
}

/** The part of a long text around its first found word, with its marks; null when it has none. */
export function excerptOf(
  text: string,
  terms: ReadonlySet<string>,
): { readonly text: string; readonly marks: Mark[] } | null {
  const marks = marksOf(text, terms);
  const [first] = marks;
  if (!first) return null;
  // Starts and ends between words.
  const earliest = Math.max(0, first.from - leadLength);
  const from =
    earliest === 0 ? 0 : (tokensOf(text).find((token) => token.from >= earliest)?.from ?? first.from);
  const start = Math.min(from, first.from);
  const shown = text.slice(start, start + excerptLength).toWellFormed();
  return {
    text: shown,
    marks: marks
      .filter((mark) => mark.to <= start + shown.length)
      .map((mark) => ({ from: mark.from - start, to: mark.to - start })),
  };
}

function marksOfToken({ kind, parts, from, to }: Token, terms: ReadonlySet<string>): Mark[] {
  const [run = ""] = parts;
  if (kind === "word") {
    const forms = [parts.join(""), ...parts, ...parts.flatMap(piecesOf)];
    return forms.some((form) => terms.has(form) || terms.has(stemOf(form))) ? [{ from, to }] : [];
  }
  // Where folding changed the length, the whole run is marked.
  const isAligned = run.length === to - from;
  const characters = Array.from(run);
  let at = from;
  const found = characters.flatMap((character, index) => {
    const start = at;
    at += character.length;
    const next = characters[index + 1] ?? "";
    if (next !== "" && terms.has(character + next)) return [{ from: start, to: at + next.length }];
    return terms.has(character) ? [{ from: start, to: at }] : [];
  });
  return isAligned || found.length === 0 ? found : [{ from, to }];
}
