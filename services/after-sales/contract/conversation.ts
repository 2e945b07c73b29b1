import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { longText } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { task, taskActions } from "../../../mixins/contract/tasks.ts";
import {
  imageDetails,
  newImage,
  uploadErrors,
  uploadRoute,
  uploadTimeoutMs,
} from "../../../mixins/media/contract.ts";
import { message } from "./shapes.ts";

const both = { ownerOr: "after-sales:write" } as const;
const tasks = "/after-sale-tasks";
const uploaded = z.strictObject({ image: imageDetails, task });
const file = "Send the file as the body: JPEG, PNG, WebP, AVIF or GIF, recognized by its content.";

/** The conversation of both sides, and pictures. */
export const conversationActions = {
  "images.add": action({
    summary: "Add a picture to your after-sale request",
    description: `${file} At most nine, until the request has ended. A task makes the renditions.`,
    access: "signed-in",
    route: uploadRoute({ method: "POST", path: "/after-sales/{id}/images" }, tasks),
    params: z.strictObject({ id, ...newImage }),
    result: uploaded,
    errors: [...uploadErrors, "illegal-transition"],
    idempotent: false,
    timeout: uploadTimeoutMs,
  }),
  "messages.list": action({
    summary: "The conversation of an after-sale request",
    access: both,
    route: { method: "GET", path: "/after-sales/{id}/messages" },
    params: z.strictObject({ id, ...pageParams(["createdAt"], "createdAt") }),
    result: page(message),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "messages.add": action({
    summary: "Write to the other side of an after-sale request",
    description: "The buyer, the merchant's members and the mall's staff read it. At most 200 messages.",
    access: both,
    route: { method: "POST", path: "/after-sales/{id}/messages", status: 201 },
    params: z.strictObject({ id, text: longText(2000).regex(/\S/, "must not be blank") }),
    result: message,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
    reads: "primary",
  }),
  "messages.images.add": action({
    summary: "Add a picture to your message",
    description: `${file} At most nine. A task makes the renditions.`,
    access: both,
    route: uploadRoute({ method: "POST", path: "/after-sales/{id}/messages/{messageId}/images" }, tasks),
    params: z.strictObject({ id, messageId: id, ...newImage }),
    result: uploaded,
    errors: uploadErrors,
    idempotent: false,
    timeout: uploadTimeoutMs,
  }),
  ...taskActions(tasks, "after-sales:write"),
};
