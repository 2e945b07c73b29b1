import type { ShippedLanguage } from "./shipped.ts";

export const chinese: ShippedLanguage = {
  greeting: "{{#customer}}{{customer}}，{{/customer}}您好：",
  open: "查看详情",
  unsubscribe: "不再接收此类邮件",
  kinds: {
    "order-placed": {
      subject: "您在{{shop}}的订单 {{number}}",
      short: "感谢您的订购：订单 {{number}}，金额 {{total}}。",
      paragraphs: [
        "感谢您于{{time}}提交订单 {{number}}。",
        "{{#lines}}{{name}} × {{quantity}}{{#price}}，单价 {{price}}{{/price}}\n{{/lines}}",
        "合计：{{total}}",
      ],
    },
    "order-paid": {
      subject: "订单 {{number}} 付款成功",
      short: "订单 {{number}} 已收到付款 {{amount}}。",
      paragraphs: ["我们已收到您为订单 {{number}} 支付的 {{amount}}。"],
    },
    "order-shipped": {
      subject: "订单 {{number}} 已发货",
      short:
        "【{{shop}}】您的订单 {{number}} 已发货{{#trackingNumber}}，{{carrier}} {{trackingNumber}}{{/trackingNumber}}。",
      paragraphs: [
        "您的订单 {{number}} 中的商品已发货。",
        "{{#carrier}}承运商：{{carrier}}{{/carrier}}{{#trackingNumber}}\n运单号：{{trackingNumber}}{{/trackingNumber}}",
      ],
    },
    "order-delivered": {
      subject: "订单 {{number}} 已送达",
      short: "【{{shop}}】您的订单 {{number}} 的包裹已送达。",
      paragraphs: ["您的订单 {{number}} 的包裹已送达，希望您喜欢。"],
    },
    "order-refunded": {
      subject: "订单 {{number}} 已退款",
      short: "【{{shop}}】订单 {{number}} 已退款 {{amount}}。",
      paragraphs: ["我们已为订单 {{number}} 退款 {{amount}}。"],
    },
    "after-sale-approved": {
      subject: "订单 {{number}} 的售后申请已通过",
      short: "您为订单 {{number}} 提交的售后申请已通过。",
      paragraphs: ["您为订单 {{number}} 提交的售后申请已通过。"],
    },
    "after-sale-rejected": {
      subject: "订单 {{number}} 的售后申请被拒绝",
      short: "您为订单 {{number}} 提交的售后申请被拒绝。",
      paragraphs: ["您为订单 {{number}} 提交的售后申请被拒绝。您可以查看原因，并申请平台介入。"],
    },
    "after-sale-received": {
      subject: "订单 {{number}} 的退货已签收",
      short: "您为订单 {{number}} 寄回的商品已签收。",
      paragraphs: ["您为订单 {{number}} 寄回的商品已签收。"],
    },
    "after-sale-refunded": {
      subject: "订单 {{number}} 的售后将退款",
      short: "订单 {{number}} 将退款 {{amount}}。",
      paragraphs: ["您为订单 {{number}} 提交的售后申请已完成，将退款 {{amount}}。"],
    },
    "after-sale-replaced": {
      subject: "订单 {{number}} 的换货已发出",
      short: "订单 {{number}} 的换货商品已发出。",
      paragraphs: ["您的订单 {{number}} 的换货商品已发出。"],
    },
    "after-sale-closed": {
      subject: "订单 {{number}} 的售后申请已关闭",
      short: "您为订单 {{number}} 提交的售后申请已关闭。",
      paragraphs: ["您为订单 {{number}} 提交的售后申请已关闭。"],
    },
    "after-sale-message": {
      subject: "订单 {{number}} 有新的售后留言",
      short: "您为订单 {{number}} 提交的售后申请有新的留言。",
      paragraphs: ["您为订单 {{number}} 提交的售后申请有新的留言。"],
    },
    "new-sign-in": {
      subject: "您的{{shop}}账户有新的登录",
      short: "【{{shop}}】您的账户于{{time}}在新设备上登录。",
      paragraphs: [
        "您的账户于{{time}}在一台新设备上登录。",
        "{{#device}}设备：{{device}}{{/device}}{{#address}}\n地址：{{address}}{{/address}}",
        "如非本人操作，请立即修改密码。",
      ],
    },
    "new-api-key": {
      subject: "{{shop}}新建了 API 密钥",
      short: "您的账户新建了 API 密钥 {{name}}。",
      paragraphs: [
        "您的账户于{{time}}新建了 API 密钥 {{name}}。",
        "如非本人操作，请立即吊销该密钥并修改密码。",
      ],
    },
    "price-fell": {
      subject: "{{product}} 降价了",
      short: "{{product}} 现价 {{price}}，原价 {{before}}。",
      paragraphs: ["您收藏的商品降价了：{{product}} 现价 {{price}}，原价 {{before}}。"],
    },
    "back-in-stock": {
      subject: "{{product}} 到货了",
      short: "{{product}} 已到货。",
      paragraphs: ["您收藏的商品到货了：{{product}}{{#price}}，{{price}} 起{{/price}}。"],
    },
  },
};
