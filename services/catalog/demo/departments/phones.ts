import type { DemoDepartment } from "../demo-kind.ts";

export const phones: DemoDepartment = {
  slug: "phones",
  names: ["Phones", "手机", "スマホ・携帯電話"],
  closings: [
    ["With a guarantee of two years.", "两年质保。", "2年間の保証付き。"],
    ["The box is made of recycled paper.", "包装盒采用再生纸制成。", "箱は再生紙でできています。"],
    ["Charges by USB-C; the cable is in the box.", "USB-C 充电，附赠数据线。", "充電はUSB-C、ケーブル付属。"],
  ],
  sections: [
    {
      slug: "smartphones",
      names: ["Smartphones", "智能手机", "スマートフォン"],
      kinds: [
        {
          shape: "phone",
          name: ["{brand} {model} smartphone", "{brand} {model} 智能手机", "{brand} {model} スマートフォン"],
          about: [
            "A {screen} inch OLED display, a {camera} camera that sees in the dark, and a battery that lasts until tomorrow.",
            "{screen} 英寸 OLED 屏幕，{camera}夜视级摄像头，电池续航直到明天。",
            "{screen}インチ有機ELディスプレイ、暗所に強い{camera}カメラ、翌日までもつバッテリー。",
          ],
          weightGrams: 186,
          options: { colour: ["black", "silver", "blue"], storage: ["128 GB", "256 GB"] },
          surcharges: { "256 GB": 8000 },
          type: "phones",
          attributes: {
            storage: 128,
            screen_size: "{screen}",
            operating_system: "android",
            network: "5g",
            dual_sim: true,
            warranty: 24,
          },
          models: [
            {
              brand: "lumora",
              price: 59900,
              words: {
                model: "Nova 3",
                screen: "6.1",
                camera: ["50 megapixel", "5000 万像素", "5000万画素"],
              },
              attributes: { battery: 4500, camera: 50 },
            },
            {
              brand: "lumora",
              price: 89900,
              words: {
                model: "Nova 3 Max",
                screen: "6.7",
                camera: ["108 megapixel", "1.08 亿像素", "1億800万画素"],
              },
              attributes: { battery: 5200, camera: 108 },
            },
            {
              brand: "northwave",
              price: 34900,
              words: { model: "Fjord", screen: "6.4", camera: ["48 megapixel", "4800 万像素", "4800万画素"] },
              attributes: { battery: 5000, camera: 48 },
            },
          ],
        },
        {
          shape: "phone",
          name: [
            "{brand} {model} big-button phone",
            "{brand} {model} 大按键手机",
            "{brand} {model} らくらく携帯電話",
          ],
          about: [
            "Large keys, a loud ringer and an emergency button. Stands by for {days} days on one charge.",
            "大按键、大音量铃声、一键求助。一次充电待机 {days} 天。",
            "大きなボタンと大音量の着信音、緊急ボタン付き。1回の充電で{days}日間待ち受けできます。",
          ],
          weightGrams: 110,
          options: { colour: ["black", "red"] },
          type: "phones",
          attributes: {
            storage: 1,
            screen_size: 2.4,
            operating_system: "none",
            network: "4g",
            dual_sim: false,
            warranty: 24,
          },
          models: [
            { brand: "northwave", price: 5900, words: { model: "Clarity", days: "12" } },
            { brand: "kitefin", price: 4500, words: { model: "Simple", days: "10" } },
            { brand: "lumora", price: 7900, words: { model: "Care", days: "14" } },
          ],
        },
      ],
    },
    {
      slug: "wearables",
      names: ["Earphones and watches", "耳机与手表", "イヤホン・時計"],
      kinds: [
        {
          shape: "earbuds",
          name: [
            "{brand} {model} wireless earbuds",
            "{brand} {model} 无线耳机",
            "{brand} {model} ワイヤレスイヤホン",
          ],
          about: [
            "Noise cancelling that hushes trains and offices. {hours} hours of music with the case.",
            "主动降噪，让列车和办公室安静下来。配合充电盒可播放 {hours} 小时。",
            "電車もオフィスも静かになるノイズキャンセリング。ケース併用で{hours}時間再生。",
          ],
          weightGrams: 52,
          options: { colour: ["white", "black", "green"] },
          models: [
            { brand: "northwave", price: 12900, words: { model: "Hush", hours: "30" } },
            { brand: "lumora", price: 17900, words: { model: "Pearl Pro", hours: "36" } },
            { brand: "kitefin", price: 3900, words: { model: "Pebbles", hours: "20" } },
          ],
        },
        {
          shape: "watch",
          name: [
            "{brand} {model} smartwatch",
            "{brand} {model} 智能手表",
            "{brand} {model} スマートウォッチ",
          ],
          about: [
            "Counts steps, sleep and heartbeats, and shows messages at a glance. Waterproof to {depth} metres.",
            "记录步数、睡眠与心率，消息一目了然。防水深度 {depth} 米。",
            "歩数、睡眠、心拍を記録し、メッセージもひと目で。{depth}メートル防水。",
          ],
          weightGrams: 38,
          options: { colour: ["black", "silver", "pink"], size: ["40 mm", "44 mm"] },
          surcharges: { "44 mm": 2000 },
          models: [
            { brand: "lumora", price: 24900, words: { model: "Orbit", depth: "50" } },
            { brand: "northwave", price: 15900, words: { model: "Tide", depth: "100" } },
            { brand: "kitefin", price: 6900, words: { model: "Pace", depth: "30" } },
          ],
        },
      ],
    },
    {
      slug: "phone-accessories",
      names: ["Phone accessories", "手机配件", "スマートフォンアクセサリー"],
      kinds: [
        {
          shape: "box",
          name: [
            "{brand} {model} power bank",
            "{brand} {model} 移动电源",
            "{brand} {model} モバイルバッテリー",
          ],
          about: [
            "Fits a pocket and fills a phone {times} times. Two devices charge at once.",
            "可放入口袋，能为手机充电 {times} 次，支持两台设备同时充电。",
            "ポケットに入り、スマートフォンを{times}回充電。2台同時に使えます。",
          ],
          weightGrams: 230,
          options: { colour: ["black", "white"] },
          models: [
            { brand: "kitefin", price: 2900, words: { model: "Reserve 10", times: "2" } },
            { brand: "kitefin", price: 4400, words: { model: "Reserve 20", times: "4" } },
            { brand: "northwave", price: 3500, words: { model: "Depot", times: "3" } },
          ],
        },
        {
          shape: "phone",
          name: [
            "{brand} {material} phone case",
            "{brand} {material}手机壳",
            "{brand} {material}スマートフォンケース",
          ],
          about: [
            "A slim case of {material} with raised edges that keep the screen off the table.",
            "纤薄的{material}材质，边缘微凸，保护屏幕不触桌面。",
            "{material}の薄型ケース。縁が高く、画面がテーブルに触れません。",
          ],
          weightGrams: 28,
          options: { colour: ["black", "sand", "green", "red"] },
          models: [
            { brand: "kitefin", price: 1900, words: { material: ["silicone", "硅胶", "シリコン"] } },
            { brand: "kitefin", price: 3400, words: { material: ["leather", "真皮", "本革"] } },
            {
              brand: "lumora",
              price: 2400,
              words: { material: ["recycled plastic", "再生塑料", "再生プラスチック"] },
            },
          ],
        },
      ],
    },
  ],
};
