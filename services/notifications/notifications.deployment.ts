import type { Deployment } from "../../mixins/service/deployment.ts";

export default {
  waitingEvents: 1000,
  secrets: {
    NOTIFY_SECRET: { about: "Signs messages for the gateway that delivers them to phones.", optional: true },
    SMTP_URL: { about: "smtp://user:password@mail.example:587", optional: true },
  },
  egress: {
    name: "notifications-to-mail-server",
    about: "The mail server, and the gateway of messages to phones.",
    ports: [587, 465, 443],
    except: ["169.254.0.0/16"],
  },
} satisfies Deployment;
