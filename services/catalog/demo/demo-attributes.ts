/* oxlint-disable max-lines -- data, not logic */
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { AttributeDefinition, AttributeKind, Choice } from "../domain/attribute.ts";

/** A text in English, Chinese and, where it is known, Japanese. */
export type Names = readonly [en: string, zh: string, ja?: string];

/** The texts of a field in the locales other than English. */
export function textsOf(field: string, [, zh, ja]: Names): Texts {
  return { "zh-CN": { [field]: zh }, ...(ja === undefined ? {} : { ja: { [field]: ja } }) };
}

type Choices = Readonly<Record<string, Names>>;

const colours: Choices = {
  black: ["Black", "黑色", "ブラック"],
  white: ["White", "白色", "ホワイト"],
  grey: ["Grey", "灰色", "グレー"],
  silver: ["Silver", "银色", "シルバー"],
  gold: ["Gold", "金色", "ゴールド"],
  brown: ["Brown", "棕色", "ブラウン"],
  beige: ["Beige", "米色", "ベージュ"],
  red: ["Red", "红色", "レッド"],
  pink: ["Pink", "粉色", "ピンク"],
  orange: ["Orange", "橙色", "オレンジ"],
  yellow: ["Yellow", "黄色", "イエロー"],
  green: ["Green", "绿色", "グリーン"],
  blue: ["Blue", "蓝色", "ブルー"],
  navy: ["Navy", "藏青色", "ネイビー"],
  purple: ["Purple", "紫色", "パープル"],
  multicoloured: ["Multicoloured", "多色", "マルチカラー"],
};

const materials: Choices = {
  cotton: ["Cotton", "棉", "綿"],
  linen: ["Linen", "亚麻", "麻"],
  wool: ["Wool", "羊毛", "ウール"],
  silk: ["Silk", "丝绸", "シルク"],
  leather: ["Leather", "皮革", "革"],
  polyester: ["Polyester", "聚酯纤维", "ポリエステル"],
  wood: ["Wood", "木", "木材"],
  bamboo: ["Bamboo", "竹", "竹"],
  metal: ["Metal", "金属", "金属"],
  steel: ["Stainless steel", "不锈钢", "ステンレス"],
  glass: ["Glass", "玻璃", "ガラス"],
  ceramic: ["Ceramic", "陶瓷", "陶磁器"],
  plastic: ["Plastic", "塑料", "プラスチック"],
  paper: ["Paper", "纸", "紙"],
  rubber: ["Rubber", "橡胶", "ゴム"],
};

const operatingSystems: Choices = {
  android: ["Android", "安卓", "Android"],
  ios: ["iOS", "iOS", "iOS"],
  harmonyos: ["HarmonyOS", "鸿蒙", "HarmonyOS"],
  windows: ["Windows", "Windows", "Windows"],
  macos: ["macOS", "macOS", "macOS"],
  linux: ["Linux", "Linux", "Linux"],
  none: ["None", "无系统", "なし"],
};

const clothingSizes: Choices = {
  xs: ["XS", "XS"],
  s: ["S", "S"],
  m: ["M", "M"],
  l: ["L", "L"],
  xl: ["XL", "XL"],
  xxl: ["XXL", "XXL"],
  "one-size": ["One size", "均码", "フリーサイズ"],
};

const shoeSizes: Choices = Object.fromEntries(
  Array.from({ length: 14 }, (_, index): [string, Names] => [
    String(34 + index),
    [String(34 + index), `${34 + index}码`],
  ]),
);

interface Options {
  readonly unit?: string;
  readonly choices?: Choices;
  /** False for what distinguishes no products in a list. */
  readonly filterable?: boolean;
  readonly localized?: boolean;
}

function attribute(
  code: string,
  kind: AttributeKind,
  names: Names,
  { unit, choices = {}, filterable = true, localized = false }: Options = {},
): AttributeDefinition {
  return {
    code,
    name: names[0],
    texts: textsOf("name", names),
    kind,
    unit: unit ?? null,
    choices: Object.entries(choices).map(([choice, labels]): Choice => ({
      code: choice,
      label: labels[0],
      texts: textsOf("label", labels),
    })),
    filterable,
    localized,
  };
}

/** Attributes of the demonstration types. */
export const demoAttributes: readonly AttributeDefinition[] = [
  attribute("colour", "multiple-choice", ["Colour", "颜色", "色"], { choices: colours }),
  attribute("material", "multiple-choice", ["Material", "材质", "素材"], { choices: materials }),
  attribute("weight", "number", ["Weight", "重量", "重さ"], { unit: "g" }),
  attribute("width", "number", ["Width", "宽度", "幅"], { unit: "cm" }),
  attribute("height", "number", ["Height", "高度", "高さ"], { unit: "cm" }),
  attribute("depth", "number", ["Depth", "深度", "奥行き"], { unit: "cm" }),
  attribute("volume", "number", ["Volume", "容量", "容量"], { unit: "ml" }),
  attribute("power", "number", ["Power", "功率", "消費電力"], { unit: "W" }),
  attribute("origin", "text", ["Country of origin", "产地", "原産国"], { localized: true }),
  attribute("model", "text", ["Model", "型号", "型番"], { filterable: false }),
  attribute("released", "date", ["Released", "上市日期", "発売日"]),
  attribute("warranty", "number", ["Warranty", "保修期", "保証期間"], { unit: "months" }),
  attribute("season", "multiple-choice", ["Season", "季节", "季節"], {
    choices: {
      spring: ["Spring", "春季", "春"],
      summer: ["Summer", "夏季", "夏"],
      autumn: ["Autumn", "秋季", "秋"],
      winter: ["Winter", "冬季", "冬"],
    },
  }),
  attribute("ingredients", "text", ["Ingredients", "成分", "成分"], { filterable: false, localized: true }),
  attribute("organic", "boolean", ["Organic", "有机", "オーガニック"]),
  attribute("shelf_life", "number", ["Shelf life", "保质期", "賞味期間"], { unit: "days" }),

  attribute("screen_size", "number", ["Screen size", "屏幕尺寸", "画面サイズ"], { unit: "in" }),
  attribute("storage", "number", ["Storage", "存储容量", "ストレージ"], { unit: "GB" }),
  attribute("memory", "number", ["Memory", "内存", "メモリ"], { unit: "GB" }),
  attribute("battery", "number", ["Battery", "电池容量", "バッテリー"], { unit: "mAh" }),
  attribute("operating_system", "choice", ["Operating system", "操作系统", "OS"], {
    choices: operatingSystems,
  }),
  attribute("network", "choice", ["Network", "网络制式", "通信方式"], {
    choices: { "5g": ["5G", "5G"], "4g": ["4G", "4G"], "2g": ["2G", "2G"] },
  }),
  attribute("dual_sim", "boolean", ["Dual SIM", "双卡双待", "デュアルSIM"]),
  attribute("camera", "number", ["Main camera", "主摄像头", "メインカメラ"], { unit: "MP" }),

  attribute("computer_form", "choice", ["Form", "电脑类型", "形状"], {
    choices: {
      laptop: ["Laptop", "笔记本电脑", "ノートパソコン"],
      desktop: ["Desktop", "台式机", "デスクトップ"],
      tablet: ["Tablet", "平板电脑", "タブレット"],
      "all-in-one": ["All-in-one", "一体机", "一体型"],
    },
  }),
  attribute("processor", "text", ["Processor", "处理器", "プロセッサー"]),
  attribute("graphics", "text", ["Graphics", "显卡", "グラフィックス"]),
  attribute("touchscreen", "boolean", ["Touchscreen", "触摸屏", "タッチスクリーン"]),

  attribute("energy_class", "choice", ["Energy class", "能效等级", "省エネ等級"], {
    choices: { a: ["A", "A级"], b: ["B", "B级"], c: ["C", "C级"], d: ["D", "D级"], e: ["E", "E级"] },
  }),
  attribute("voltage", "choice", ["Voltage", "电压", "電圧"], {
    choices: { "100": ["100 V", "100伏"], "110": ["110 V", "110伏"], "220": ["220–240 V", "220–240伏"] },
  }),
  attribute("noise", "number", ["Noise", "噪音", "騒音"], { unit: "dB" }),
  attribute("smart", "boolean", ["Controlled by app", "智能控制", "スマート操作"]),

  attribute("room", "multiple-choice", ["Room", "适用空间", "部屋"], {
    choices: {
      "living-room": ["Living room", "客厅", "リビング"],
      bedroom: ["Bedroom", "卧室", "寝室"],
      kitchen: ["Kitchen", "厨房", "キッチン"],
      bathroom: ["Bathroom", "浴室", "浴室"],
      study: ["Study", "书房", "書斎"],
      balcony: ["Balcony", "阳台", "ベランダ"],
    },
  }),
  attribute("assembly", "boolean", ["Needs assembly", "需要组装", "要組立"]),
  attribute("washable", "boolean", ["Machine-washable", "可机洗", "洗濯機可"]),

  attribute("clothing_size", "multiple-choice", ["Size", "尺码", "サイズ"], { choices: clothingSizes }),
  attribute("fit", "choice", ["Fit", "版型", "フィット"], {
    choices: {
      slim: ["Slim", "修身", "スリム"],
      regular: ["Regular", "常规", "レギュラー"],
      loose: ["Loose", "宽松", "ルーズ"],
    },
  }),
  attribute("sleeve", "choice", ["Sleeves", "袖长", "袖丈"], {
    choices: {
      sleeveless: ["Sleeveless", "无袖", "ノースリーブ"],
      short: ["Short", "短袖", "半袖"],
      long: ["Long", "长袖", "長袖"],
    },
  }),
  attribute("collar", "choice", ["Collar", "领型", "襟"], {
    choices: {
      crew: ["Crew neck", "圆领", "クルーネック"],
      v: ["V-neck", "V领", "Vネック"],
      shirt: ["Shirt collar", "衬衫领", "シャツ襟"],
      hooded: ["Hooded", "连帽", "フード付き"],
    },
  }),
  attribute("dress_length", "choice", ["Length", "裙长", "丈"], {
    choices: {
      short: ["Short", "短款", "ショート"],
      knee: ["Knee-length", "及膝", "膝丈"],
      long: ["Long", "长款", "ロング"],
    },
  }),
  attribute("care", "text", ["Care", "洗涤说明", "お手入れ"], { filterable: false, localized: true }),

  attribute("shoe_size", "multiple-choice", ["Shoe size", "鞋码", "靴のサイズ"], { choices: shoeSizes }),
  attribute("wearer", "choice", ["For", "适用人群", "対象"], {
    choices: {
      men: ["Men", "男士", "メンズ"],
      women: ["Women", "女士", "レディース"],
      children: ["Children", "儿童", "キッズ"],
      everyone: ["Everyone", "通用", "男女兼用"],
    },
  }),
  attribute("sole", "choice", ["Sole", "鞋底材质", "ソール"], {
    choices: {
      rubber: ["Rubber", "橡胶", "ゴム"],
      leather: ["Leather", "皮革", "革"],
      foam: ["Foam", "发泡", "フォーム"],
    },
  }),
  attribute("heel", "number", ["Heel", "跟高", "ヒール"], { unit: "cm" }),
  attribute("waterproof", "boolean", ["Waterproof", "防水", "防水"]),

  attribute("skin_type", "multiple-choice", ["Skin type", "适用肤质", "肌質"], {
    choices: {
      dry: ["Dry", "干性", "乾燥肌"],
      oily: ["Oily", "油性", "脂性肌"],
      mixed: ["Mixed", "混合性", "混合肌"],
      sensitive: ["Sensitive", "敏感性", "敏感肌"],
      all: ["All", "所有肤质", "すべて"],
    },
  }),
  attribute("spf", "number", ["Sun protection factor", "防晒系数", "SPF"]),
  attribute("fragrance_free", "boolean", ["Fragrance-free", "无香料", "無香料"]),

  attribute("net_weight", "number", ["Net weight", "净含量", "内容量"], { unit: "g" }),
  attribute("best_before", "date", ["Best before", "最佳食用日期", "賞味期限"]),
  attribute("allergens", "multiple-choice", ["Allergens", "过敏原", "アレルゲン"], {
    choices: {
      gluten: ["Gluten", "麸质", "グルテン"],
      milk: ["Milk", "牛奶", "乳"],
      egg: ["Egg", "鸡蛋", "卵"],
      nuts: ["Nuts", "坚果", "ナッツ"],
      peanut: ["Peanut", "花生", "落花生"],
      soya: ["Soya", "大豆", "大豆"],
      fish: ["Fish", "鱼", "魚"],
      shellfish: ["Shellfish", "甲壳类", "甲殻類"],
      sesame: ["Sesame", "芝麻", "ごま"],
    },
  }),
  attribute("diet", "multiple-choice", ["Diet", "饮食类型", "食生活"], {
    choices: {
      vegan: ["Vegan", "纯素", "ヴィーガン"],
      vegetarian: ["Vegetarian", "素食", "ベジタリアン"],
      halal: ["Halal", "清真", "ハラール"],
      kosher: ["Kosher", "犹太洁食", "コーシャ"],
      "sugar-free": ["Sugar-free", "无糖", "無糖"],
    },
  }),
  attribute("energy", "number", ["Energy per 100 g", "每100克热量", "100gあたりのエネルギー"], {
    unit: "kcal",
  }),
  attribute("keep", "choice", ["Keep", "储存方式", "保存方法"], {
    choices: {
      cupboard: ["At room temperature", "常温", "常温"],
      fridge: ["In the fridge", "冷藏", "冷蔵"],
      freezer: ["In the freezer", "冷冻", "冷凍"],
    },
  }),

  attribute("author", "text", ["Author", "作者", "著者"], { localized: true }),
  attribute("publisher", "text", ["Publisher", "出版社", "出版社"], { localized: true }),
  attribute("isbn", "text", ["ISBN", "ISBN", "ISBN"]),
  attribute("published", "date", ["Published", "出版日期", "出版日"]),
  attribute("pages", "number", ["Pages", "页数", "ページ数"]),
  attribute("book_language", "choice", ["Language", "语言", "言語"], {
    choices: {
      en: ["English", "英语", "英語"],
      zh: ["Chinese", "中文", "中国語"],
      ja: ["Japanese", "日语", "日本語"],
      de: ["German", "德语", "ドイツ語"],
      fr: ["French", "法语", "フランス語"],
      es: ["Spanish", "西班牙语", "スペイン語"],
    },
  }),
  attribute("binding", "choice", ["Binding", "装帧", "製本"], {
    choices: {
      paperback: ["Paperback", "平装", "ペーパーバック"],
      hardcover: ["Hardcover", "精装", "ハードカバー"],
      ebook: ["E-book", "电子书", "電子書籍"],
    },
  }),

  attribute("drive", "choice", ["Drive", "驱动方式", "動力"], {
    choices: {
      petrol: ["Petrol", "汽油", "ガソリン"],
      diesel: ["Diesel", "柴油", "ディーゼル"],
      hybrid: ["Hybrid", "混合动力", "ハイブリッド"],
      electric: ["Electric", "纯电动", "電気"],
    },
  }),
  attribute("gearbox", "choice", ["Gearbox", "变速箱", "変速機"], {
    choices: { manual: ["Manual", "手动", "マニュアル"], automatic: ["Automatic", "自动", "オートマチック"] },
  }),
  attribute("engine_power", "number", ["Engine power", "发动机功率", "最高出力"], { unit: "kW" }),
  attribute("seats", "number", ["Seats", "座位数", "定員"]),
  attribute("range", "number", ["Range", "续航里程", "航続距離"], { unit: "km" }),
  attribute("mileage", "number", ["Mileage", "行驶里程", "走行距離"], { unit: "km" }),
  attribute("first_registration", "date", ["First registration", "首次上牌日期", "初度登録日"]),

  attribute("occasion", "multiple-choice", ["Occasion", "送礼场合", "贈る機会"], {
    choices: {
      birthday: ["Birthday", "生日", "誕生日"],
      wedding: ["Wedding", "婚礼", "結婚"],
      "new-year": ["New Year", "新年", "正月"],
      valentine: ["Valentine's Day", "情人节", "バレンタインデー"],
      christmas: ["Christmas", "圣诞节", "クリスマス"],
      thanks: ["Thank you", "答谢", "お礼"],
    },
  }),
  attribute("gift_wrapped", "boolean", ["Gift-wrapped", "礼品包装", "ギフト包装"]),
  attribute("personalised", "boolean", ["Can be personalised", "可定制", "名入れ可"]),

  attribute("dosage_form", "choice", ["Form", "剂型", "剤形"], {
    choices: {
      tablets: ["Tablets", "片剂", "錠剤"],
      capsules: ["Capsules", "胶囊", "カプセル"],
      powder: ["Powder", "粉剂", "粉末"],
      liquid: ["Liquid", "口服液", "液剤"],
      device: ["Device", "器械", "機器"],
    },
  }),
  attribute("quantity", "number", ["Quantity", "数量", "数量"]),
  attribute("directions", "text", ["Directions", "使用方法", "使い方"], {
    filterable: false,
    localized: true,
  }),
  attribute("prescription", "boolean", ["Needs a prescription", "需要处方", "要処方箋"]),

  attribute("age_from", "number", ["From age", "适用年龄起", "対象年齢"], { unit: "months" }),
  attribute("age_to", "number", ["To age", "适用年龄止", "対象年齢上限"], { unit: "months" }),
  attribute("stage", "choice", ["Stage", "阶段", "時期"], {
    choices: {
      pregnancy: ["Pregnancy", "孕期", "妊娠期"],
      newborn: ["Newborn", "新生儿", "新生児"],
      infant: ["Infant", "婴儿", "乳児"],
      toddler: ["Toddler", "幼儿", "幼児"],
      child: ["Child", "儿童", "子ども"],
    },
  }),
  attribute("bpa_free", "boolean", ["BPA-free", "不含双酚A", "BPAフリー"]),
];
