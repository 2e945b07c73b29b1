import type { ConsumeMessage, GetMessage } from "amqplib";
import { validate } from "uuid";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";

/** What is handed to RabbitMQ. */
export interface OutgoingMessage {
  readonly id: string;
  readonly content: Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export const messageOf = (event: EventEnvelope): OutgoingMessage => ({
  id: event.id,
  content: Buffer.from(JSON.stringify(event)),
});

/** The same message to be sent again, with other headers. */
export function copyOf(message: ConsumeMessage | GetMessage, headers: Readonly<Record<string, unknown>>): OutgoingMessage {
  return { id: idOf(message), content: message.content, headers };
}

/** The event in a message; undefined when there is none, which no node of the shop can have sent. */
export function eventIn(message: ConsumeMessage | GetMessage): EventEnvelope | undefined {
  try {
    const event = JSON.parse(message.content.toString("utf8")) as EventEnvelope | null;
    return typeof event?.name === "string" && validate(event.id) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** How often a consumer has failed at it. */
export function attemptsOf(message: ConsumeMessage | GetMessage): number {
  return Number(message.properties.headers?.["x-attempts"] ?? 0);
}

/** Any message among the dead letters can be shown, also one that contains no event. */
export function deadLetterIn(message: GetMessage, consumer: string): DeadLetter {
  const { headers = {} } = message.properties;
  // RabbitMQ itself sets aside what was given out again and again and never answered.
  const reason: unknown = headers["x-error"] ?? headers["x-first-death-reason"] ?? "";
  return { event: eventIn(message) ?? standIn(message), consumer, attempts: attemptsOf(message), error: String(reason) };
}

const nobody = "00000000-0000-0000-0000-000000000000";
const shownCharacters = 500;

export function idOf({ properties }: ConsumeMessage | GetMessage): string {
  const id: unknown = properties.messageId;
  return typeof id === "string" && validate(id) ? id : nobody;
}

function standIn(message: GetMessage): DeadLetter["event"] {
  const content = message.content.toString("utf8").slice(0, shownCharacters);
  const unknown = { name: "unreadable", occurredAt: 0, actor: { kind: "system", id: "unknown" }, requestId: "unknown" };
  return { id: idOf(message), ...unknown, payload: { content } } as unknown as DeadLetter["event"];
}
