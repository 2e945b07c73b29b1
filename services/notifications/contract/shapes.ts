import { z } from "zod";
import { kindNames } from "../domain/kinds.ts";
import { maxLengths } from "../domain/template.ts";

export const kind = z.enum(kindNames);

const filled = (max: number) => z.string().min(1).max(max);
export const content = {
  subject: filled(maxLengths.subject),
  text: filled(maxLengths.text),
  html: filled(maxLengths.html),
  short: filled(maxLengths.short).describe("For SMS and the inbox"),
};
