import type { DemoMerchant, DemoStatus } from "./demo-merchant.ts";
import { merchant } from "./demo-merchant.ts";

/** Those who do not sell, or not now. */
export const others: readonly DemoMerchant[] = [
  merchant(
    "mountain-cheese",
    ["Mountain Cheese", "高山奶酪", "山のチーズ"],
    ["Cheese from three valleys.", "来自三个山谷的奶酪。", "三つの谷のチーズ。"],
    ["box", 50],
    { owner: "Lukas Egger", city: "berlin", sections: [], status: "pending" },
  ),
  merchant(
    "radio-repair",
    ["Radio and Repair", "收音机修理铺", "ラジオと修理"],
    ["Old radios that play again.", "重新发声的老收音机。", "ふたたび鳴る古いラジオ。"],
    ["appliance", 35],
    { owner: "Ruth Adler", city: "london", sections: [], status: "pending" },
  ),
  merchant(
    "moss-garden",
    ["Moss Garden", "苔园", "苔の庭"],
    ["Plants for rooms without sun.", "适合无日照房间的植物。", "日の当たらない部屋の植物。"],
    ["flower", 120],
    { owner: "Kondo Mio", city: "kyoto", sections: [], status: "pending" },
  ),
  merchant(
    "almost-designer",
    ["Almost Designer", "仿佛名牌", "ほぼブランド"],
    ["Looks like what you know.", "看起来很眼熟。", "どこかで見たデザイン。"],
    ["bag", 280],
    { owner: "Vic Thorn", city: "seattle", sections: [], status: "rejected" },
  ),
  merchant(
    "roadside-parts",
    ["Roadside Parts", "路边汽配", "ロードサイドパーツ"],
    ["Tyres, care and comfort for cars.", "轮胎、养护与舒适用品。", "タイヤ、カーケア、快適グッズ。"],
    ["wheel", 205],
    { owner: "Pete Marsh", city: "leeds", sections: ["car-care"], status: "suspended" },
  ),
  merchant(
    "candle-corner",
    ["Candle Corner", "烛角", "キャンドルコーナー"],
    ["Candles, until we retired.", "蜡烛小店，店主已退休。", "キャンドルの店。引退しました。"],
    ["jar", 15],
    { owner: "Edith Moor", city: "london", sections: [], status: "closed" },
  ),
];

/** Why staff did so. */
export const reasonsOfStaff: Readonly<Record<Exclude<DemoStatus, "active" | "pending">, string>> = {
  rejected: "The pictures show goods of other brands",
  suspended: "Parcels were late for two weeks; back on sale when the backlog is sent",
  closed: "Closed at the owner's request",
};
