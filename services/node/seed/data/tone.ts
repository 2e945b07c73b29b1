import type { Texts } from "../../../catalog/demo/demo-kind.ts";

export type Tone = "good" | "mixed" | "bad";
export type ReviewTexts = Readonly<Record<Tone, readonly Texts[]>>;

export function toneOf(stars: number): Tone {
  return stars >= 4 ? "good" : stars === 3 ? "mixed" : "bad";
}
