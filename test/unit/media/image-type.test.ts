import { expect, test } from "@jest/globals";
import sharp from "sharp";
import { formatOf } from "../../../mixins/media/image-type.ts";

const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } });

test.each(["jpeg", "png", "webp", "avif", "gif"] as const)(
  "%s is known by its first bytes",
  async (format) => {
    expect(formatOf(await pixel.clone().toFormat(format).toBuffer())).toBe(format);
  },
);

test.each([
  "",
  "<svg",
  "%PDF-1.7",
  "II*\0",
  "RIFF1234WAVE",
  "\0\0\0\x18ftypheic",
  "\0\0\0\x18ftypmp42",
  " \xff\xd8\xff",
])("%j is no image that is accepted", (head) => {
  expect(formatOf(Buffer.from(head, "latin1"))).toBeUndefined();
});
