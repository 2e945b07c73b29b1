import type { ShippedLanguage } from "./shipped.ts";

export const english: ShippedLanguage = {
  greeting: "Hello{{#customer}} {{customer}}{{/customer}},",
  open: "See the details",
  unsubscribe: "Receive no more mail of this kind",
  kinds: {
    "order-placed": {
      subject: "Your order {{number}} at {{shop}}",
      short: "Thank you for your order {{number}} of {{total}}.",
      paragraphs: [
        "thank you for your order {{number}} of {{time}}.",
        "{{#lines}}{{quantity}} × {{name}}{{#price}}, {{price}} each{{/price}}\n{{/lines}}",
        "Total: {{total}}",
      ],
    },
    "order-paid": {
      subject: "Payment received for your order {{number}}",
      short: "We received {{amount}} for your order {{number}}.",
      paragraphs: ["we received your payment of {{amount}} for your order {{number}}."],
    },
    "order-shipped": {
      subject: "Your order {{number}} is on its way",
      short:
        "{{shop}}: goods of your order {{number}} are on their way{{#trackingNumber}}, {{carrier}} {{trackingNumber}}{{/trackingNumber}}.",
      paragraphs: [
        "goods of your order {{number}} are on their way to you.",
        "{{#carrier}}Carrier: {{carrier}}{{/carrier}}{{#trackingNumber}}\nTracking number: {{trackingNumber}}{{/trackingNumber}}",
      ],
    },
    "order-delivered": {
      subject: "Your order {{number}} was delivered",
      short: "{{shop}}: a parcel of your order {{number}} was delivered.",
      paragraphs: ["a parcel of your order {{number}} was delivered. We hope that you like it."],
    },
    "order-refunded": {
      subject: "Refund for your order {{number}}",
      short: "{{shop}}: {{amount}} was refunded for your order {{number}}.",
      paragraphs: ["we refunded {{amount}} for your order {{number}}."],
    },
    "after-sale-approved": {
      subject: "Your request for order {{number}} was approved",
      short: "Your after-sale request for order {{number}} was approved.",
      paragraphs: ["your after-sale request for order {{number}} was approved."],
    },
    "after-sale-rejected": {
      subject: "Your request for order {{number}} was rejected",
      short: "Your after-sale request for order {{number}} was rejected.",
      paragraphs: [
        "your after-sale request for order {{number}} was rejected. You can see the reason, and ask for a decision of our staff.",
      ],
    },
    "after-sale-received": {
      subject: "Your goods of order {{number}} arrived",
      short: "The goods that you sent back for order {{number}} arrived.",
      paragraphs: ["the goods that you sent back for order {{number}} arrived."],
    },
    "after-sale-refunded": {
      subject: "Your request for order {{number}} ended with a refund",
      short: "You will be refunded {{amount}} for order {{number}}.",
      paragraphs: ["your after-sale request for order {{number}} ended: {{amount}} will be refunded."],
    },
    "after-sale-replaced": {
      subject: "Your replacement for order {{number}} is on its way",
      short: "The replacement for goods of order {{number}} is on its way.",
      paragraphs: ["the replacement for goods of your order {{number}} is on its way to you."],
    },
    "after-sale-closed": {
      subject: "Your request for order {{number}} was closed",
      short: "Your after-sale request for order {{number}} was closed.",
      paragraphs: ["your after-sale request for order {{number}} was closed."],
    },
    "after-sale-message": {
      subject: "A new message about your order {{number}}",
      short: "There is a new message about your after-sale request for order {{number}}.",
      paragraphs: ["there is a new message about your after-sale request for order {{number}}."],
    },
    "new-sign-in": {
      subject: "New sign-in to your account at {{shop}}",
      short: "{{shop}}: your account was signed in to from a new device on {{time}}.",
      paragraphs: [
        "your account was signed in to from a device that we did not know, on {{time}}.",
        "{{#device}}Device: {{device}}{{/device}}{{#address}}\nAddress: {{address}}{{/address}}",
        "If that was not you, change your password at once.",
      ],
    },
    "new-api-key": {
      subject: "A new API key was created at {{shop}}",
      short: "The API key {{name}} was created with your account.",
      paragraphs: [
        "the API key {{name}} was created with your account on {{time}}.",
        "If that was not you, revoke the key and change your password at once.",
      ],
    },
    "price-fell": {
      subject: "{{product}} costs less now",
      short: "{{product}} now costs {{price}} instead of {{before}}.",
      paragraphs: [
        "one of your favourites costs less: {{product}} now costs {{price}} instead of {{before}}.",
      ],
    },
    "back-in-stock": {
      subject: "{{product}} is back in stock",
      short: "{{product}} is back in stock.",
      paragraphs: [
        "one of your favourites is back in stock: {{product}}{{#price}}, from {{price}}{{/price}}.",
      ],
    },
  },
};
