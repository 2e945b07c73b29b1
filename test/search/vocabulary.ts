/** A text in Chinese and in English. */
export type Bilingual = readonly [zh: string, en: string];

/** A kind of product with what its names are made of. */
export interface Kind {
  readonly key: string;
  readonly name: Bilingual;
  readonly brands: readonly Bilingual[];
  /** Product lines; each belongs to the brand at its position, modulo the number of brands. */
  readonly lines: readonly string[];
  /** Facts that distinguish products of a line, such as storage or material. */
  readonly facts: Readonly<Record<string, readonly Bilingual[]>>;
  /** What only descriptions tell. */
  readonly features: readonly Bilingual[];
}

export interface Department {
  readonly key: string;
  readonly name: Bilingual;
  readonly kinds: readonly Kind[];
}

const same = (...texts: string[]): Bilingual[] => texts.map((text) => [text, text]);

export const colours: readonly Bilingual[] = [
  ["黑色", "black"],
  ["白色", "white"],
  ["红色", "red"],
  ["蓝色", "blue"],
  ["绿色", "green"],
  ["粉色", "pink"],
  ["灰色", "grey"],
  ["紫色", "purple"],
];
/** Attributes that products have by code; no text of a product has their labels. */
export const codedAttributes = {
  origin: {
    name: "Origin",
    choices: {
      de: ["德国", "German"],
      jp: ["日本", "Japanese"],
      it: ["意大利", "Italian"],
      kr: ["韩国", "Korean"],
    },
  },
  pattern: {
    name: "Pattern",
    choices: {
      p1: ["条纹", "striped"],
      p2: ["格子", "checked"],
      p3: ["碎花", "floral"],
      p4: ["波点", "dotted"],
    },
  },
} as const satisfies Record<string, { name: string; choices: Record<string, Bilingual> }>;

const storage = same("128GB", "256GB", "512GB");
const shirtSizes = same("S", "M", "L", "XL");
const shoeSizes: Bilingual[] = [
  ["38码", "size 38"],
  ["40码", "size 40"],
  ["42码", "size 42"],
];
const volumes = same("300ml", "500ml", "750ml");
const fabrics: Bilingual[] = [
  ["纯棉", "cotton"],
  ["亚麻", "linen"],
  ["羊毛", "wool"],
  ["真丝", "silk"],
];
const materials: Bilingual[] = [
  ["不锈钢", "stainless steel"],
  ["陶瓷", "ceramic"],
  ["玻璃", "glass"],
  ["竹制", "bamboo"],
];
const weights: Bilingual[] = [
  ["500克", "500g"],
  ["1公斤", "1kg"],
  ["5公斤", "5kg"],
];
const skins: Bilingual[] = [
  ["干性肌肤", "dry skin"],
  ["油性肌肤", "oily skin"],
  ["敏感肌", "sensitive skin"],
];

function kind(
  key: string,
  name: Bilingual,
  brands: readonly Bilingual[],
  lines: readonly string[],
  facts: Kind["facts"],
  features: readonly Bilingual[],
): Kind {
  return { key, name, brands, lines, facts, features };
}

const clothingBrands: Bilingual[] = [
  ["优衣库", "Uniqlo"],
  ["海澜之家", "HLA"],
  ["李维斯", "Levi's"],
  ["波司登", "Bosideng"],
  ["太平鸟", "Peacebird"],
];
const sportBrands: Bilingual[] = [
  ["耐克", "Nike"],
  ["阿迪达斯", "Adidas"],
  ["李宁", "Li-Ning"],
  ["安踏", "Anta"],
  ["新百伦", "New Balance"],
];
const applianceBrands: Bilingual[] = [
  ["美的", "Midea"],
  ["海尔", "Haier"],
  ["格力", "Gree"],
  ["西门子", "Siemens"],
  ["松下", "Panasonic"],
];
const babyBrands: Bilingual[] = [
  ["帮宝适", "Pampers"],
  ["好奇", "Huggies"],
  ["飞利浦新安怡", "Avent"],
  ["贝亲", "Pigeon"],
];

export const departments: readonly Department[] = [
  {
    key: "phones",
    name: ["手机数码", "Phones"],
    kinds: [
      kind(
        "phone",
        ["智能手机", "smartphone"],
        [
          ["苹果", "Apple"],
          ["华为", "Huawei"],
          ["小米", "Xiaomi"],
          ["三星", "Samsung"],
          ["荣耀", "Honor"],
        ],
        [
          "iPhone 15",
          "Mate 60",
          "Redmi Note 13",
          "Galaxy S24",
          "Magic6",
          "iPhone 15 Pro",
          "Pura 70",
          "Xiaomi 14",
          "Galaxy A55",
          "X50",
          "iPhone 14",
          "nova 12",
        ],
        { storage },
        [
          ["超长待机", "long battery life"],
          ["双卡双待", "dual SIM"],
          ["防水防尘", "dust and water resistant"],
        ],
      ),
      kind(
        "case",
        ["手机壳", "phone case"],
        [
          ["倍思", "Baseus"],
          ["图拉斯", "Torras"],
          ["绿联", "Ugreen"],
        ],
        ["Slim", "Armor", "Magnet"],
        {
          fits: [
            ["适用苹果15", "for iPhone 15"],
            ["适用华为Mate60", "for Mate 60"],
            ["适用小米14", "for Xiaomi 14"],
          ],
        },
        [
          ["防摔", "shockproof"],
          ["磁吸", "magnetic"],
        ],
      ),
      kind(
        "charger",
        ["充电器", "charger"],
        [
          ["安克", "Anker"],
          ["绿联", "Ugreen"],
          ["倍思", "Baseus"],
        ],
        ["Nano", "Nexode", "GaN5"],
        { power: same("20W", "65W", "100W") },
        [
          ["氮化镓", "gallium nitride"],
          ["快充", "fast charging"],
        ],
      ),
      kind(
        "earphones",
        ["蓝牙耳机", "wireless earphones"],
        [
          ["索尼", "Sony"],
          ["苹果", "Apple"],
          ["漫步者", "Edifier"],
          ["博士", "Bose"],
        ],
        ["WF-1000XM5", "AirPods Pro", "W820NB", "QuietComfort", "LinkBuds S"],
        {
          fit: [
            ["入耳式", "in-ear"],
            ["头戴式", "over-ear"],
          ],
        },
        [
          ["主动降噪", "active noise cancelling"],
          ["通话清晰", "clear calls"],
        ],
      ),
      kind(
        "powerbank",
        ["充电宝", "power bank"],
        [
          ["罗马仕", "Romoss"],
          ["小米", "Xiaomi"],
          ["安克", "Anker"],
        ],
        ["Sense 8", "PB2022", "MagGo"],
        { capacity: same("10000mAh", "20000mAh") },
        [["可带上飞机", "allowed on planes"]],
      ),
    ],
  },
  {
    key: "computers",
    name: ["电脑办公", "Computers"],
    kinds: [
      kind(
        "laptop",
        ["笔记本电脑", "laptop"],
        [
          ["联想", "Lenovo"],
          ["戴尔", "Dell"],
          ["惠普", "HP"],
          ["华硕", "Asus"],
          ["苹果", "Apple"],
        ],
        [
          "ThinkPad X1",
          "XPS 13",
          "Pavilion 15",
          "ZenBook 14",
          "MacBook Air",
          "IdeaPad 5",
          "Inspiron 14",
          "Envy 13",
          "ROG Zephyrus",
          "MacBook Pro",
        ],
        {
          memory: [
            ["16G内存", "16GB RAM"],
            ["32G内存", "32GB RAM"],
          ],
        },
        [
          ["轻薄便携", "thin and light"],
          ["指纹识别", "fingerprint reader"],
        ],
      ),
      kind(
        "keyboard",
        ["机械键盘", "mechanical keyboard"],
        [
          ["罗技", "Logitech"],
          ["樱桃", "Cherry"],
          ["雷蛇", "Razer"],
        ],
        ["K845", "MX 3.0S", "BlackWidow V4", "G Pro"],
        {
          switches: [
            ["红轴", "red switches"],
            ["茶轴", "brown switches"],
            ["青轴", "blue switches"],
          ],
        },
        [
          ["热插拔", "hot-swappable"],
          ["背光", "backlight"],
        ],
      ),
      kind(
        "mouse",
        ["无线鼠标", "wireless mouse"],
        [
          ["罗技", "Logitech"],
          ["雷蛇", "Razer"],
          ["微软", "Microsoft"],
        ],
        ["MX Master 3S", "Viper V3", "Arc", "G304"],
        {
          hand: [
            ["右手", "right-handed"],
            ["左手", "left-handed"],
          ],
        },
        [["静音按键", "silent buttons"]],
      ),
      kind(
        "monitor",
        ["显示器", "monitor"],
        [
          ["戴尔", "Dell"],
          ["三星", "Samsung"],
          ["飞利浦", "Philips"],
          ["明基", "BenQ"],
        ],
        ["U2723QE", "Odyssey G5", "Brilliance 27", "PD2705U"],
        {
          size: [
            ["24英寸", "24 inch"],
            ["27英寸", "27 inch"],
            ["32英寸", "32 inch"],
          ],
        },
        [
          ["护眼", "eye care"],
          ["高刷新率", "high refresh rate"],
        ],
      ),
      kind(
        "printer",
        ["打印机", "printer"],
        [
          ["惠普", "HP"],
          ["佳能", "Canon"],
          ["爱普生", "Epson"],
        ],
        ["LaserJet M208", "Pixma G3800", "EcoTank L3258"],
        {
          colour: [
            ["彩色", "colour printing"],
            ["黑白", "monochrome"],
          ],
        },
        [["双面打印", "duplex printing"]],
      ),
    ],
  },
  {
    key: "appliances",
    name: ["家用电器", "Household appliances"],
    kinds: [
      kind(
        "washer",
        ["滚筒洗衣机", "washing machine"],
        applianceBrands,
        ["MG100", "XQG100", "JinDou", "iQ300", "XQG90"],
        {
          load: [
            ["8公斤", "8kg"],
            ["10公斤", "10kg"],
          ],
        },
        [
          ["除菌除螨", "kills mites"],
          ["变频", "inverter motor"],
        ],
      ),
      kind(
        "fridge",
        ["冰箱", "refrigerator"],
        applianceBrands,
        ["BCD-500", "BCD-406", "JingHong", "KG39", "NR-EW45"],
        {
          doors: [
            ["双开门", "side by side"],
            ["三门", "three-door"],
            ["十字对开门", "cross door"],
          ],
        },
        [["风冷无霜", "frost free"]],
      ),
      kind(
        "aircon",
        ["空调", "air conditioner"],
        applianceBrands,
        ["KFR-35GW", "KFR-26GW", "YunJia", "CoolIce", "SH13"],
        {
          power: [
            ["大1匹", "1 hp"],
            ["1.5匹", "1.5 hp"],
            ["2匹", "2 hp"],
          ],
        },
        [["冷暖两用", "cooling and heating"]],
      ),
      kind(
        "ricecooker",
        ["电饭煲", "rice cooker"],
        [
          ["美的", "Midea"],
          ["苏泊尔", "Supor"],
          ["松下", "Panasonic"],
          ["象印", "Zojirushi"],
        ],
        ["FB40", "SF40", "SR-HG151", "NP-HRH"],
        {
          volume: [
            ["3升", "3 litres"],
            ["5升", "5 litres"],
          ],
        },
        [["预约定时", "delay timer"]],
      ),
      kind(
        "vacuum",
        ["吸尘器", "vacuum cleaner"],
        [
          ["戴森", "Dyson"],
          ["小米", "Xiaomi"],
          ["石头", "Roborock"],
          ["科沃斯", "Ecovacs"],
        ],
        ["V15 Detect", "Mijia G10", "S8 Pro", "Deebot T30"],
        {
          kind: [
            ["无线手持", "cordless"],
            ["扫地机器人", "robot"],
          ],
        },
        [["大吸力", "strong suction"]],
      ),
      kind(
        "hairdryer",
        ["电吹风", "hair dryer"],
        [
          ["戴森", "Dyson"],
          ["松下", "Panasonic"],
          ["徕芬", "Laifen"],
        ],
        ["Supersonic", "EH-NA98", "LF03"],
        { power: same("1600W", "1800W") },
        [["负离子护发", "ionic care"]],
      ),
    ],
  },
  {
    key: "home",
    name: ["家居生活", "Home and living"],
    kinds: [
      kind(
        "mug",
        ["马克杯", "mug"],
        [
          ["膳魔师", "Thermos"],
          ["宜家", "Ikea"],
          ["无印良品", "Muji"],
        ],
        ["Fargrik", "Basic", "Morning"],
        { material: materials },
        [["可进洗碗机", "dishwasher safe"]],
      ),
      kind(
        "flask",
        ["保温杯", "vacuum flask"],
        [
          ["膳魔师", "Thermos"],
          ["虎牌", "Tiger"],
          ["象印", "Zojirushi"],
        ],
        ["JNL-504", "MMP-J031", "SM-TA48"],
        { volume: volumes },
        [["真空断热", "keeps drinks hot"]],
      ),
      kind(
        "duvet",
        ["羽绒被", "duvet"],
        [
          ["富安娜", "Fuanna"],
          ["罗莱", "Luolai"],
          ["水星家纺", "Mercury"],
        ],
        ["Cloud", "Winter", "Four Seasons"],
        {
          size: [
            ["150×200", "single"],
            ["200×230", "double"],
          ],
        },
        [["透气", "breathable"]],
      ),
      kind(
        "bedsheet",
        ["四件套", "bedding set"],
        [
          ["富安娜", "Fuanna"],
          ["罗莱", "Luolai"],
          ["无印良品", "Muji"],
        ],
        ["Rose", "Plain", "Stripe"],
        { fabric: fabrics },
        [["亲肤", "soft on skin"]],
      ),
      kind(
        "lamp",
        ["台灯", "desk lamp"],
        [
          ["飞利浦", "Philips"],
          ["小米", "Xiaomi"],
          ["宜家", "Ikea"],
        ],
        ["Strato", "Mijia 1S", "Tertial"],
        {
          light: [
            ["暖光", "warm light"],
            ["冷光", "cool light"],
          ],
        },
        [["无频闪", "flicker free"]],
      ),
      kind(
        "knife",
        ["厨房刀", "kitchen knife"],
        [
          ["双立人", "Zwilling"],
          ["张小泉", "Zhang Xiaoquan"],
          ["王麻子", "Wangmazi"],
        ],
        ["Pro", "Twin", "Classic"],
        { material: materials.slice(0, 2) },
        [["锋利耐用", "stays sharp"]],
      ),
      kind(
        "shelf",
        ["书架", "bookshelf"],
        [
          ["宜家", "Ikea"],
          ["全友", "Quanyou"],
          ["源氏木语", "Genji"],
        ],
        ["Billy", "Kallax", "Oak"],
        {
          wood: [
            ["橡木", "oak"],
            ["松木", "pine"],
          ],
        },
        [["易安装", "easy to assemble"]],
      ),
    ],
  },
  {
    key: "women",
    name: ["女装", "Women's clothing"],
    kinds: [
      kind(
        "dress",
        ["连衣裙", "dress"],
        [
          ["太平鸟", "Peacebird"],
          ["欧时力", "Ochirly"],
          ["飒拉", "Zara"],
          ["江南布衣", "JNBY"],
        ],
        ["Summer", "Midi", "Evening"],
        { fabric: fabrics, size: shirtSizes },
        [
          ["收腰显瘦", "slim waist"],
          ["碎花", "floral print"],
        ],
      ),
      kind(
        "skirt",
        ["半身裙", "skirt"],
        [
          ["太平鸟", "Peacebird"],
          ["飒拉", "Zara"],
          ["优衣库", "Uniqlo"],
        ],
        ["Pleated", "Denim", "Pencil"],
        { size: shirtSizes },
        [["高腰", "high waist"]],
      ),
      kind(
        "blouse",
        ["女士衬衫", "women's blouse"],
        [
          ["优衣库", "Uniqlo"],
          ["飒拉", "Zara"],
          ["欧时力", "Ochirly"],
        ],
        ["Rayon", "Office", "Ruffle"],
        { fabric: fabrics },
        [["免烫", "non-iron"]],
      ),
      kind(
        "womensdown",
        ["女士羽绒服", "women's down jacket"],
        [
          ["波司登", "Bosideng"],
          ["加拿大鹅", "Canada Goose"],
          ["优衣库", "Uniqlo"],
        ],
        ["Ultra Light", "Arctic", "Parka"],
        { size: shirtSizes },
        [["轻盈保暖", "light and warm"]],
      ),
      kind(
        "leggings",
        ["瑜伽裤", "yoga leggings"],
        [
          ["露露乐蒙", "Lululemon"],
          ["耐克", "Nike"],
          ["粒子狂热", "Particle Fever"],
        ],
        ["Align", "One", "Flow"],
        { size: shirtSizes },
        [["高弹", "stretchy"]],
      ),
    ],
  },
  {
    key: "men",
    name: ["男装", "Men's clothing"],
    kinds: [
      kind(
        "shirt",
        ["男士衬衫", "men's shirt"],
        clothingBrands,
        ["Oxford", "Business", "Classic", "Warm", "Slim"],
        { fabric: fabrics, size: shirtSizes },
        [["免烫抗皱", "wrinkle free"]],
      ),
      kind(
        "jeans",
        ["牛仔裤", "jeans"],
        clothingBrands,
        ["511", "Straight", "501", "Loose", "Skinny"],
        { size: shirtSizes },
        [["水洗做旧", "washed look"]],
      ),
      kind(
        "tshirt",
        ["T恤", "T-shirt"],
        clothingBrands,
        ["Airism", "Logo", "Graphic", "Basic", "Polo"],
        { fabric: fabrics.slice(0, 2), size: shirtSizes },
        [["吸汗透气", "absorbs sweat"]],
      ),
      kind(
        "mensdown",
        ["男士羽绒服", "men's down jacket"],
        [
          ["波司登", "Bosideng"],
          ["北面", "The North Face"],
          ["优衣库", "Uniqlo"],
        ],
        ["Extreme Cold", "Nuptse", "Seamless"],
        { size: shirtSizes },
        [["防风", "windproof"]],
      ),
      kind(
        "suit",
        ["西装", "suit"],
        [
          ["海澜之家", "HLA"],
          ["雅戈尔", "Youngor"],
          ["报喜鸟", "Saint Angelo"],
        ],
        ["Wedding", "Business", "Casual"],
        { fabric: fabrics.slice(2) },
        [["修身剪裁", "slim cut"]],
      ),
      kind(
        "socks",
        ["袜子", "socks"],
        [
          ["耐克", "Nike"],
          ["优衣库", "Uniqlo"],
          ["南极人", "Nanjiren"],
        ],
        ["Everyday", "Heattech", "Crew"],
        { fabric: fabrics.slice(0, 3) },
        [["防臭", "odour control"]],
      ),
    ],
  },
  {
    key: "shoes",
    name: ["鞋靴", "Shoes"],
    kinds: [
      kind(
        "running",
        ["跑步鞋", "running shoes"],
        sportBrands,
        ["Pegasus 40", "Ultraboost", "Chitu 7", "C202", "Fresh Foam 880"],
        {
          size: shoeSizes,
          for: [
            ["男", "men's"],
            ["女", "women's"],
          ],
        },
        [["缓震回弹", "cushioned"]],
      ),
      kind(
        "basketball",
        ["篮球鞋", "basketball shoes"],
        sportBrands,
        ["LeBron 21", "Harden Vol 8", "Way of Wade", "KT9", "Two WXY"],
        { size: shoeSizes },
        [["防滑耐磨", "non-slip"]],
      ),
      kind(
        "boots",
        ["马丁靴", "ankle boots"],
        [
          ["马汀博士", "Dr. Martens"],
          ["添柏岚", "Timberland"],
          ["百丽", "Belle"],
        ],
        ["1460", "Premium", "Chelsea"],
        { size: shoeSizes },
        [["真皮", "genuine leather"]],
      ),
      kind(
        "heels",
        ["高跟鞋", "high heels"],
        [
          ["百丽", "Belle"],
          ["达芙妮", "Daphne"],
          ["莫祖", "Mozo"],
        ],
        ["Pump", "Stiletto", "Kitten"],
        { size: shoeSizes.slice(0, 2) },
        [["舒适不累脚", "comfortable all day"]],
      ),
      kind(
        "slippers",
        ["拖鞋", "slippers"],
        [
          ["朴西", "Posee"],
          ["卡骆驰", "Crocs"],
          ["无印良品", "Muji"],
        ],
        ["EVA", "Classic Clog", "Linen"],
        { size: shoeSizes },
        [["静音防滑", "quiet sole"]],
      ),
      kind(
        "kidsshoes",
        ["儿童运动鞋", "children's sneakers"],
        [
          ["安踏", "Anta"],
          ["斯凯奇", "Skechers"],
          ["巴拉巴拉", "Balabala"],
        ],
        ["Junior", "S-Lights", "Jump"],
        {
          size: [
            ["28码", "size 28"],
            ["32码", "size 32"],
          ],
        },
        [["魔术贴", "hook and loop"]],
      ),
    ],
  },
  {
    key: "beauty",
    name: ["美妆护肤", "Beauty"],
    kinds: [
      kind(
        "lipstick",
        ["口红", "lipstick"],
        [
          ["迪奥", "Dior"],
          ["香奈儿", "Chanel"],
          ["完美日记", "Perfect Diary"],
          ["魅可", "MAC"],
        ],
        ["Rouge 999", "Coco 94", "Slim 405", "Chili"],
        {
          finish: [
            ["哑光", "matte"],
            ["滋润", "satin"],
          ],
        },
        [["不易掉色", "long lasting"]],
      ),
      kind(
        "cream",
        ["面霜", "face cream"],
        [
          ["欧莱雅", "L'Oréal"],
          ["兰蔻", "Lancôme"],
          ["雅诗兰黛", "Estée Lauder"],
          ["珀莱雅", "Proya"],
        ],
        ["Revitalift", "Absolue", "DayWear", "Ruby"],
        { skin: skins },
        [
          ["保湿补水", "moisturising"],
          ["抗皱", "anti-wrinkle"],
        ],
      ),
      kind(
        "sunscreen",
        ["防晒霜", "sunscreen"],
        [
          ["安热沙", "Anessa"],
          ["理肤泉", "La Roche-Posay"],
          ["欧莱雅", "L'Oréal"],
        ],
        ["Perfect UV", "Anthelios", "UV Defender"],
        { spf: same("SPF30", "SPF50") },
        [["清爽不油腻", "non-greasy"]],
      ),
      kind(
        "shampoo",
        ["洗发水", "shampoo"],
        [
          ["海飞丝", "Head & Shoulders"],
          ["潘婷", "Pantene"],
          ["卡诗", "Kérastase"],
        ],
        ["Cool Menthol", "Repair", "Densifique"],
        { volume: volumes },
        [["去屑止痒", "anti-dandruff"]],
      ),
      kind(
        "mask",
        ["面膜", "face mask"],
        [
          ["敷尔佳", "Voolga"],
          ["可复美", "Comfy"],
          ["森田药妆", "Dr. Morita"],
        ],
        ["White", "Collagen", "Hyaluron"],
        {
          pack: [
            ["5片装", "5 sheets"],
            ["10片装", "10 sheets"],
          ],
        },
        [["舒缓修护", "soothing repair"]],
      ),
    ],
  },
  {
    key: "food",
    name: ["食品生鲜", "Food"],
    kinds: [
      kind(
        "rice",
        ["大米", "rice"],
        [
          ["五常", "Wuchang"],
          ["福临门", "Fulinmen"],
          ["十月稻田", "October Rice Field"],
        ],
        ["Daohuaxiang", "Northeast", "Long Grain"],
        { weight: weights },
        [["软糯香甜", "soft and fragrant"]],
      ),
      kind(
        "coffee",
        ["咖啡豆", "coffee beans"],
        [
          ["星巴克", "Starbucks"],
          ["雀巢", "Nescafé"],
          ["意利", "Illy"],
          ["三顿半", "Saturnbird"],
        ],
        ["Pike Place", "Gold", "Classico", "House"],
        {
          roast: [
            ["浅烘", "light roast"],
            ["中烘", "medium roast"],
            ["深烘", "dark roast"],
          ],
        },
        [["果香", "fruity notes"]],
      ),
      kind(
        "tea",
        ["绿茶", "green tea"],
        [
          ["西湖", "Xihu"],
          ["八马", "Bama"],
          ["立顿", "Lipton"],
        ],
        ["Longjing", "Biluochun", "Maofeng"],
        {
          weight: weights.slice(0, 1),
          pack: [
            ["罐装", "tin"],
            ["袋装", "bags"],
          ],
        },
        [["明前采摘", "first flush"]],
      ),
      kind(
        "milk",
        ["纯牛奶", "milk"],
        [
          ["伊利", "Yili"],
          ["蒙牛", "Mengniu"],
          ["特仑苏", "Telunsu"],
        ],
        ["Satine", "Deluxe", "Organic"],
        {
          pack: [
            ["12盒", "12 packs"],
            ["24盒", "24 packs"],
          ],
        },
        [["高钙", "high calcium"]],
      ),
      kind(
        "chocolate",
        ["巧克力", "chocolate"],
        [
          ["德芙", "Dove"],
          ["费列罗", "Ferrero"],
          ["瑞士莲", "Lindt"],
        ],
        ["Silky", "Rocher", "Excellence"],
        {
          taste: [
            ["黑巧", "dark"],
            ["牛奶", "milk chocolate"],
          ],
        },
        [["丝滑口感", "silky"]],
      ),
      kind(
        "nuts",
        ["坚果", "nuts"],
        [
          ["三只松鼠", "Three Squirrels"],
          ["百草味", "Be & Cheery"],
          ["沃隆", "Wolong"],
        ],
        ["Daily", "Almond", "Walnut"],
        { weight: weights.slice(0, 2) },
        [["低温烘焙", "slowly roasted"]],
      ),
    ],
  },
  {
    key: "books",
    name: ["图书", "Books"],
    kinds: [
      kind(
        "novel",
        ["长篇小说", "novel"],
        [
          ["刘慈欣", "Liu Cixin"],
          ["余华", "Yu Hua"],
          ["东野圭吾", "Keigo Higashino"],
          ["莫言", "Mo Yan"],
        ],
        ["The Three-Body Problem", "To Live", "The Devotion of Suspect X", "Red Sorghum"],
        {
          cover: [
            ["精装", "hardcover"],
            ["平装", "paperback"],
          ],
        },
        [["获奖作品", "award winning"]],
      ),
      kind(
        "cookbook",
        ["菜谱", "cookbook"],
        [
          ["中信出版社", "Citic Press"],
          ["译林出版社", "Yilin Press"],
        ],
        ["Sichuan Kitchen", "Baking Basics"],
        {
          cover: [
            ["精装", "hardcover"],
            ["平装", "paperback"],
          ],
        },
        [["图文并茂", "illustrated"]],
      ),
      kind(
        "picturebook",
        ["绘本", "picture book"],
        [
          ["蒲蒲兰", "Poplar"],
          ["信谊", "Hsin-Yi"],
        ],
        ["The Very Hungry Caterpillar", "Guess How Much I Love You"],
        {
          age: [
            ["0-3岁", "ages 0-3"],
            ["3-6岁", "ages 3-6"],
          ],
        },
        [["双语", "bilingual"]],
      ),
      kind(
        "programming",
        ["编程书", "programming book"],
        [
          ["图灵", "Turing"],
          ["机械工业出版社", "China Machine Press"],
        ],
        ["Python Crash Course", "Effective TypeScript", "JavaScript Guide", "Go in Action"],
        {
          edition: [
            ["第2版", "2nd edition"],
            ["第3版", "3rd edition"],
          ],
        },
        [["附习题", "with exercises"]],
      ),
    ],
  },
  {
    key: "cars",
    name: ["汽车用品", "Car accessories"],
    kinds: [
      kind(
        "dashcam",
        ["行车记录仪", "dash cam"],
        [
          ["盯盯拍", "DDPai"],
          ["70迈", "70mai"],
          ["海康威视", "Hikvision"],
        ],
        ["Mini 5", "A810", "K2"],
        { resolution: same("1080P", "4K") },
        [["夜视清晰", "night vision"]],
      ),
      kind(
        "engineoil",
        ["机油", "engine oil"],
        [
          ["美孚", "Mobil"],
          ["壳牌", "Shell"],
          ["嘉实多", "Castrol"],
        ],
        ["Super 3000", "Helix Ultra", "Edge"],
        { grade: same("0W-20", "5W-30", "5W-40") },
        [["全合成", "fully synthetic"]],
      ),
      kind(
        "tyre",
        ["轮胎", "tyre"],
        [
          ["米其林", "Michelin"],
          ["马牌", "Continental"],
          ["普利司通", "Bridgestone"],
        ],
        ["Primacy 4", "UC7", "Turanza T6"],
        { size: same("205/55R16", "225/45R17", "235/50R18") },
        [["静音舒适", "quiet ride"]],
      ),
      kind(
        "seatcover",
        ["汽车坐垫", "car seat cover"],
        [
          ["尼罗河", "Niluohe"],
          ["五福金牛", "Wufu"],
        ],
        ["Leather", "Ice Silk"],
        {
          season: [
            ["夏季", "summer"],
            ["四季通用", "all season"],
          ],
        },
        [["防滑底", "anti-slip"]],
      ),
    ],
  },
  {
    key: "gifts",
    name: ["礼品", "Gifts"],
    kinds: [
      kind(
        "giftbox",
        ["礼盒", "gift box"],
        [
          ["故宫文创", "Palace Museum"],
          ["诚品", "Eslite"],
        ],
        ["Spring Festival", "Birthday", "Mid-Autumn"],
        {
          for: [
            ["送长辈", "for parents"],
            ["送女友", "for girlfriend"],
          ],
        },
        [["含贺卡", "greeting card included"]],
      ),
      kind(
        "necklace",
        ["项链", "necklace"],
        [
          ["周大福", "Chow Tai Fook"],
          ["潘多拉", "Pandora"],
          ["施华洛世奇", "Swarovski"],
        ],
        ["Moments", "Swan", "Lucky"],
        {
          metal: [
            ["黄金", "gold"],
            ["925银", "sterling silver"],
          ],
        },
        [["不易过敏", "hypoallergenic"]],
      ),
      kind(
        "candle",
        ["香薰蜡烛", "scented candle"],
        [
          ["蒂普提克", "Diptyque"],
          ["祖玛珑", "Jo Malone"],
        ],
        ["Baies", "Lime Basil"],
        {
          scent: [
            ["玫瑰", "rose"],
            ["薰衣草", "lavender"],
            ["檀香", "sandalwood"],
          ],
        },
        [["大豆蜡", "soy wax"]],
      ),
      kind(
        "plush",
        ["毛绒玩具", "plush toy"],
        [
          ["迪士尼", "Disney"],
          ["泡泡玛特", "Pop Mart"],
          ["邦尼兔", "Jellycat"],
        ],
        ["Mickey", "Labubu", "Bashful"],
        {
          size: [
            ["30厘米", "30 cm"],
            ["60厘米", "60 cm"],
          ],
        },
        [["可水洗", "machine washable"]],
      ),
    ],
  },
  {
    key: "health",
    name: ["医药健康", "Health"],
    kinds: [
      kind(
        "vitamin",
        ["维生素C", "vitamin C"],
        [
          ["汤臣倍健", "By-Health"],
          ["善存", "Centrum"],
          ["斯旺森", "Swanson"],
        ],
        ["Chewable", "Effervescent", "Plus"],
        {
          count: [
            ["60片", "60 tablets"],
            ["100片", "100 tablets"],
          ],
        },
        [["增强抵抗力", "supports immunity"]],
      ),
      kind(
        "fishoil",
        ["鱼油", "fish oil"],
        [
          ["汤臣倍健", "By-Health"],
          ["健安喜", "GNC"],
          ["诺惠氏", "Norwell"],
        ],
        ["Omega-3", "Triple Strength", "Deep Sea"],
        {
          count: [
            ["100粒", "100 capsules"],
            ["200粒", "200 capsules"],
          ],
        },
        [["呵护心脑血管", "heart health"]],
      ),
      kind(
        "bpmonitor",
        ["血压计", "blood pressure monitor"],
        [
          ["欧姆龙", "Omron"],
          ["鱼跃", "Yuwell"],
        ],
        ["HEM-7136", "YE660D"],
        {
          place: [
            ["上臂式", "upper arm"],
            ["腕式", "wrist"],
          ],
        },
        [["语音播报", "voice readout"]],
      ),
      kind(
        "facemask",
        ["医用口罩", "surgical mask"],
        [
          ["振德", "Zhende"],
          ["稳健", "Winner"],
          ["三M", "3M"],
        ],
        ["Flat", "Cotton", "KN95"],
        {
          pack: [
            ["50只", "50 pieces"],
            ["100只", "100 pieces"],
          ],
        },
        [["独立包装", "individually wrapped"]],
      ),
      kind(
        "toothbrush",
        ["电动牙刷", "electric toothbrush"],
        [
          ["飞利浦", "Philips"],
          ["欧乐B", "Oral-B"],
          ["素士", "Soocas"],
        ],
        ["Sonicare 3", "iO5", "X3U"],
        {
          heads: [
            ["2支刷头", "2 brush heads"],
            ["4支刷头", "4 brush heads"],
          ],
        },
        [["智能提醒", "timer"]],
      ),
    ],
  },
  {
    key: "baby",
    name: ["母婴用品", "Mother and child"],
    kinds: [
      kind(
        "diapers",
        ["纸尿裤", "diapers"],
        babyBrands,
        ["Ichiban", "Platinum", "Soft", "Gentle"],
        {
          size: [
            ["NB码", "newborn"],
            ["L码", "size L"],
            ["XL码", "size XL"],
          ],
        },
        [["透气不闷", "breathable"]],
      ),
      kind(
        "formula",
        ["婴儿奶粉", "infant formula"],
        [
          ["爱他美", "Aptamil"],
          ["飞鹤", "Feihe"],
          ["美赞臣", "Enfamil"],
          ["惠氏启赋", "Illuma"],
        ],
        ["Profutura", "Astrobaby", "Enfinitas", "Luma"],
        {
          stage: [
            ["1段", "stage 1"],
            ["2段", "stage 2"],
            ["3段", "stage 3"],
          ],
        },
        [["易吸收", "easy to digest"]],
      ),
      kind(
        "stroller",
        ["婴儿推车", "baby stroller"],
        [
          ["好孩子", "Goodbaby"],
          ["博格步", "Bugaboo"],
          ["哈卡达", "Hagaday"],
        ],
        ["Swan", "Butterfly", "Fox 5"],
        {
          kind: [
            ["可折叠", "foldable"],
            ["双向", "two-way"],
          ],
        },
        [["避震", "shock absorbing"]],
      ),
      kind(
        "bottle",
        ["奶瓶", "baby bottle"],
        [
          ["贝亲", "Pigeon"],
          ["飞利浦新安怡", "Avent"],
          ["赫根", "Hegen"],
        ],
        ["SofTouch", "Natural", "PCTO"],
        { volume: same("160ml", "240ml", "330ml") },
        [["防胀气", "anti-colic"]],
      ),
      kind(
        "toys",
        ["积木", "building blocks"],
        [
          ["乐高", "Lego"],
          ["布鲁可", "Bloks"],
          ["费雪", "Fisher-Price"],
        ],
        ["Duplo", "Classic", "City"],
        {
          pieces: [
            ["100颗粒", "100 pieces"],
            ["500颗粒", "500 pieces"],
          ],
        },
        [["锻炼动手能力", "trains little hands"]],
      ),
    ],
  },
];
