import { isUtf8 } from "node:buffer";
import type { ConsumeMessage, GetMessage } from "amqplib";
import { NIL, v5, validate } from "uuid";
import { z } from "zod";
import { newId } from "../contract/ids.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";

/** A message to publish. */
export interface OutgoingMessage {
  readonly id: string;
  readonly content: Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export const toMessage = (event: EventEnvelope): OutgoingMessage => ({
  id: event.id,
  content: Buffer.from(JSON.stringify(event)),
});

/** The same message with other headers; gets an id if it has none. */
export function copyMessage(
  message: ConsumeMessage | GetMessage,
  headers: Readonly<Record<string, unknown>>,
): OutgoingMessage {
  return { id: parseEvent(message)?.id ?? idOf(message) ?? newId(), content: message.content, headers };
}

/** The end of the year 9999, the upper bound of RFC 3339. */
const maxOccurredAt = 253_402_300_799_999;

/** The envelope fields that all handlers rely on; consumers check the payload by the event's contract. */
const envelope = z.looseObject({
  id: z.string().refine((id) => validate(id)),
  name: z.string().max(200),
  occurredAt: z.int().min(0).max(maxOccurredAt),
  actor: z.looseObject({ kind: z.string(), id: z.string().optional() }),
  requestId: z.string(),
  traceparent: z.string().optional(),
  payload: z.looseObject({}),
});

/** The event in a message; undefined when it contains none, i.e. was not sent by a node of the shop. */
export function parseEvent({ content }: ConsumeMessage | GetMessage): EventEnvelope | undefined {
  if (!isUtf8(content)) return undefined;
  try {
    const event: unknown = JSON.parse(content.toString("utf8"));
    return envelope.safeParse(event).success ? (event as EventEnvelope) : undefined;
  } catch {
    return undefined;
  }
}

/** Number of failed attempts of the consumer. */
export function attemptsOf(message: ConsumeMessage | GetMessage): number {
  const attempts: unknown = message.properties.headers?.["x-attempts"];
  return typeof attempts === "number" && Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
}

const maxShownCharacters = 500;

/** Describes any dead-lettered message, also one without an event. */
export function toDeadLetter(message: GetMessage, consumer: string): DeadLetter {
  const headers: Readonly<Record<string, unknown>> = message.properties.headers ?? {};
  // RabbitMQ itself dead-letters a message that reached the delivery limit.
  const reason: unknown = headers["x-error"] ?? headers["x-first-death-reason"] ?? "";
  const error = String(reason).slice(0, maxShownCharacters);
  return {
    id: deadLetterIdOf(message),
    event: parseEvent(message) ?? placeholderEvent(message),
    consumer,
    attempts: attemptsOf(message),
    error,
  };
}

/** UUID namespace for messages without an id. */
const contentNamespace = "7b5e2c6a-3f0d-4c1e-9a54-0d4e8f1b6a37";

/** Id of the event or message; without either (dead-lettered by RabbitMQ), a hash of the content. */
export function deadLetterIdOf(message: GetMessage): string {
  return (parseEvent(message)?.id ?? idOf(message) ?? v5(message.content, contentNamespace)).toLowerCase();
}

function idOf({ properties }: ConsumeMessage | GetMessage): string | undefined {
  const id: unknown = properties.messageId;
  return typeof id === "string" && validate(id) && id !== NIL ? id : undefined;
}

function placeholderEvent(message: GetMessage): DeadLetter["event"] {
  const content = message.content.toString("utf8", 0, 4 * maxShownCharacters).slice(0, maxShownCharacters);
  const unknown = {
    name: "unreadable",
    occurredAt: 0,
    actor: { kind: "system", id: "unknown" },
    requestId: "unknown",
  };
  return { id: deadLetterIdOf(message), ...unknown, payload: { content } } as unknown as DeadLetter["event"];
}
