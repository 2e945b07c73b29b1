/* oxlint-disable max-lines -- data, not logic */
/** Demonstration catalogue: an imaginary shop for home, kitchen, garden, clothes and paper. */

export interface DemoCategory {
  readonly slug: string;
  readonly name: string;
  /** Slug of the parent category. */
  readonly parent?: string;
}

export interface DemoVariant {
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  /** In minor units. */
  readonly price: number;
  readonly weightGrams: number;
  /** Opening stock. */
  readonly stock: number;
}

export interface DemoProduct {
  readonly slug: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly variants: readonly DemoVariant[];
}

/** Parents first. */
export const demoCategories: readonly DemoCategory[] = [
  { slug: "kitchen", name: "Kitchen" },
  { slug: "tableware", name: "Tableware", parent: "kitchen" },
  { slug: "cookware", name: "Cookware", parent: "kitchen" },
  { slug: "coffee-and-tea", name: "Coffee and tea", parent: "kitchen" },
  { slug: "home", name: "Home" },
  { slug: "lighting", name: "Lighting", parent: "home" },
  { slug: "textiles", name: "Textiles", parent: "home" },
  { slug: "storage", name: "Storage", parent: "home" },
  { slug: "garden", name: "Garden" },
  { slug: "garden-tools", name: "Garden tools", parent: "garden" },
  { slug: "pots-and-planters", name: "Pots and planters", parent: "garden" },
  { slug: "clothing", name: "Clothing" },
  { slug: "tops", name: "Tops", parent: "clothing" },
  { slug: "accessories", name: "Accessories", parent: "clothing" },
  { slug: "stationery", name: "Stationery" },
  { slug: "notebooks", name: "Notebooks", parent: "stationery" },
  { slug: "pens-and-pencils", name: "Pens and pencils", parent: "stationery" },
];

function variant(
  sku: string,
  options: Readonly<Record<string, string>>,
  price: number,
  weightGrams: number,
  stock: number,
): DemoVariant {
  return { sku, options, price, weightGrams, stock };
}

/** One product in one colour and several sizes, with the stock of each. */
function sizes(
  sku: string,
  colour: string,
  price: number,
  weightGrams: number,
  stock: Readonly<Record<string, number>>,
) {
  return Object.entries(stock).map(([size, count]) =>
    variant(`${sku}-${size}`, { colour, size }, price, weightGrams, count),
  );
}

export const demoProducts: readonly DemoProduct[] = [
  {
    slug: "stoneware-mug",
    name: "Stoneware mug",
    category: "tableware",
    description:
      "A heavy mug for 350 ml, thrown and glazed by hand. No two are quite alike. Dishwasher safe.",
    variants: [
      variant("MUG-SAGE", { colour: "sage" }, 1450, 390, 48),
      variant("MUG-SAND", { colour: "sand" }, 1450, 390, 36),
      variant("MUG-INK", { colour: "ink" }, 1450, 390, 5),
    ],
  },
  {
    slug: "dinner-plate",
    name: "Dinner plate",
    category: "tableware",
    description: "A flat plate of 27 cm with a raised rim that keeps the sauce where it belongs.",
    variants: [
      variant("PLATE-WHITE", { colour: "white" }, 1200, 720, 80),
      variant("PLATE-BLUE", { colour: "speckled blue" }, 1400, 720, 44),
    ],
  },
  {
    slug: "soup-bowl",
    name: "Soup bowl",
    category: "tableware",
    description: "Deep enough for ramen, good-looking enough for cornflakes. 800 ml.",
    variants: [
      variant("BOWL-WHITE", { colour: "white" }, 1100, 540, 60),
      variant("BOWL-BLUE", { colour: "speckled blue" }, 1300, 540, 0),
    ],
  },
  {
    slug: "cutlery-set",
    name: "Cutlery set",
    category: "tableware",
    description: "Sixteen pieces for four people in brushed stainless steel 18/10.",
    variants: [variant("CUTLERY-16", { pieces: "16" }, 5900, 1350, 22)],
  },
  {
    slug: "water-glass",
    name: "Water glass, set of four",
    category: "tableware",
    description: "Stackable tumblers of recycled glass, 300 ml each.",
    variants: [
      variant("GLASS-CLEAR", { colour: "clear" }, 1800, 980, 40),
      variant("GLASS-GREEN", { colour: "bottle green" }, 2000, 980, 18),
    ],
  },
  {
    slug: "cast-iron-casserole",
    name: "Cast iron casserole",
    category: "cookware",
    description:
      "Enamelled cast iron for stews, bread and everything that takes its time. For all hobs and the oven.",
    variants: [
      variant("CASSEROLE-24", { diameter: "24 cm" }, 12900, 4600, 9),
      variant("CASSEROLE-28", { diameter: "28 cm" }, 15900, 6100, 4),
    ],
  },
  {
    slug: "carbon-steel-pan",
    name: "Carbon steel frying pan",
    category: "cookware",
    description: "Gets better with every steak. Comes unseasoned, with instructions.",
    variants: [
      variant("PAN-20", { diameter: "20 cm" }, 3200, 1100, 26),
      variant("PAN-24", { diameter: "24 cm" }, 3900, 1500, 31),
      variant("PAN-28", { diameter: "28 cm" }, 4600, 1950, 12),
    ],
  },
  {
    slug: "chefs-knife",
    name: "Chef's knife",
    category: "cookware",
    description: "A 20 cm blade of forged steel with an oiled walnut handle.",
    variants: [variant("KNIFE-CHEF-20", { blade: "20 cm" }, 8900, 240, 15)],
  },
  {
    slug: "chopping-board",
    name: "Chopping board",
    category: "cookware",
    description: "End-grain oak, kind to knives, with a groove for juices on one side.",
    variants: [
      variant("BOARD-S", { size: "30 × 20 cm" }, 2900, 1300, 20),
      variant("BOARD-L", { size: "45 × 30 cm" }, 4900, 2900, 11),
    ],
  },
  {
    slug: "measuring-jug",
    name: "Measuring jug",
    category: "cookware",
    description: "Borosilicate glass for one litre, marked in millilitres, cups and fluid ounces.",
    variants: [variant("JUG-1L", {}, 950, 420, 55)],
  },
  {
    slug: "french-press",
    name: "French press",
    category: "coffee-and-tea",
    description: "Double-walled steel that keeps coffee hot for an hour.",
    variants: [
      variant("PRESS-350", { volume: "350 ml" }, 3400, 620, 17),
      variant("PRESS-1000", { volume: "1 l" }, 4800, 980, 14),
    ],
  },
  {
    slug: "pour-over-set",
    name: "Pour-over coffee set",
    category: "coffee-and-tea",
    description: "Porcelain dripper, glass carafe and forty paper filters.",
    variants: [variant("POUROVER-SET", {}, 4200, 1150, 19)],
  },
  {
    slug: "hand-coffee-grinder",
    name: "Hand coffee grinder",
    category: "coffee-and-tea",
    description: "Steel burrs with twenty-four settings, from Turkish to French press.",
    variants: [variant("GRINDER-HAND", { colour: "black" }, 7900, 560, 8)],
  },
  {
    slug: "house-espresso-beans",
    name: "House espresso beans",
    category: "coffee-and-tea",
    description: "Chocolate, hazelnut, a little cherry. Roasted weekly, sold in whole beans.",
    variants: [
      variant("BEANS-250", { weight: "250 g" }, 890, 270, 120),
      variant("BEANS-1000", { weight: "1 kg" }, 2900, 1040, 64),
    ],
  },
  {
    slug: "breakfast-tea",
    name: "Breakfast tea",
    category: "coffee-and-tea",
    description: "Assam and Kenya, strong enough for milk. Loose leaf in a tin of 125 g.",
    variants: [variant("TEA-BREAKFAST", { weight: "125 g" }, 950, 190, 75)],
  },
  {
    slug: "cast-iron-teapot",
    name: "Cast iron teapot",
    category: "coffee-and-tea",
    description: "Japanese style, enamelled inside, with a sieve of stainless steel. 700 ml.",
    variants: [
      variant("TEAPOT-BLACK", { colour: "black" }, 5400, 1450, 10),
      variant("TEAPOT-TEAL", { colour: "teal" }, 5400, 1450, 6),
    ],
  },
  {
    slug: "desk-lamp",
    name: "Desk lamp",
    category: "lighting",
    description: "Two joints, one dimmer, warm light at 2700 K. The bulb can be changed.",
    variants: [
      variant("LAMP-DESK-BLACK", { colour: "black" }, 6900, 1800, 16),
      variant("LAMP-DESK-RED", { colour: "red" }, 6900, 1800, 7),
    ],
  },
  {
    slug: "paper-pendant-lamp",
    name: "Paper pendant lamp",
    category: "lighting",
    description: "A moon of washi paper. Arrives flat, unfolds in a minute.",
    variants: [
      variant("PENDANT-40", { diameter: "40 cm" }, 2400, 350, 30),
      variant("PENDANT-60", { diameter: "60 cm" }, 3600, 520, 21),
    ],
  },
  {
    slug: "beeswax-candles",
    name: "Beeswax candles, six",
    category: "lighting",
    description: "Hand-dipped, with a cotton wick. About seven hours each.",
    variants: [variant("CANDLES-6", {}, 1600, 480, 90)],
  },
  {
    slug: "linen-bedding",
    name: "Linen bedding",
    category: "textiles",
    description:
      "Stonewashed European linen, cool in summer and warm in winter. A duvet cover and two pillowcases.",
    variants: [
      variant("LINEN-WHITE-D", { colour: "white", size: "double" }, 14900, 2100, 12),
      variant("LINEN-WHITE-K", { colour: "white", size: "king" }, 16900, 2500, 9),
      variant("LINEN-SAGE-D", { colour: "sage", size: "double" }, 14900, 2100, 3),
    ],
  },
  {
    slug: "wool-blanket",
    name: "Wool blanket",
    category: "textiles",
    description: "Woven in Wales from new wool, 150 × 200 cm, with a fringe.",
    variants: [
      variant("BLANKET-GREY", { colour: "grey" }, 11900, 1700, 14),
      variant("BLANKET-MUSTARD", { colour: "mustard" }, 11900, 1700, 10),
    ],
  },
  {
    slug: "bath-towel",
    name: "Bath towel",
    category: "textiles",
    description: "Thick organic cotton, 70 × 140 cm. Dries you and then itself.",
    variants: [
      variant("TOWEL-WHITE", { colour: "white" }, 2200, 560, 70),
      variant("TOWEL-OLIVE", { colour: "olive" }, 2200, 560, 41),
    ],
  },
  {
    slug: "cushion-cover",
    name: "Cushion cover",
    category: "textiles",
    description: "Cotton velvet with a hidden zip, 50 × 50 cm. The cushion is not included.",
    variants: [
      variant("CUSHION-RUST", { colour: "rust" }, 1900, 180, 33),
      variant("CUSHION-FOREST", { colour: "forest" }, 1900, 180, 28),
    ],
  },
  {
    slug: "seagrass-basket",
    name: "Seagrass basket",
    category: "storage",
    description: "For logs, toys, laundry or a plant that has outgrown its pot.",
    variants: [
      variant("BASKET-M", { size: "M" }, 2400, 900, 24),
      variant("BASKET-L", { size: "L" }, 3400, 1500, 13),
    ],
  },
  {
    slug: "oak-wall-shelf",
    name: "Oak wall shelf",
    category: "storage",
    description: "Solid oak with invisible brackets, 22 cm deep. Screws are in the box.",
    variants: [
      variant("SHELF-60", { width: "60 cm" }, 4900, 2800, 15),
      variant("SHELF-90", { width: "90 cm" }, 6400, 4100, 10),
    ],
  },
  {
    slug: "storage-jars",
    name: "Storage jars, set of three",
    category: "storage",
    description: "Glass with cork lids for 0.5, 1 and 1.5 litres.",
    variants: [variant("JARS-3", {}, 2600, 1900, 34)],
  },
  {
    slug: "garden-trowel",
    name: "Garden trowel",
    category: "garden-tools",
    description: "Forged stainless steel on an ash handle, with a scale for planting depths.",
    variants: [variant("TROWEL", {}, 1850, 330, 45)],
  },
  {
    slug: "secateurs",
    name: "Bypass secateurs",
    category: "garden-tools",
    description: "A clean cut up to 22 mm. Every part can be replaced.",
    variants: [
      variant("SECATEURS-R", { hand: "right" }, 3900, 250, 23),
      variant("SECATEURS-L", { hand: "left" }, 4200, 250, 4),
    ],
  },
  {
    slug: "watering-can",
    name: "Watering can",
    category: "garden-tools",
    description: "Galvanised steel with a brass rose for a fine, soft rain.",
    variants: [
      variant("CAN-5", { volume: "5 l" }, 3800, 1500, 18),
      variant("CAN-9", { volume: "9 l" }, 4600, 2100, 9),
    ],
  },
  {
    slug: "gardening-gloves",
    name: "Gardening gloves",
    category: "garden-tools",
    description: "Goatskin palms, breathable backs. They stand up to roses.",
    variants: sizes("GLOVES-GREEN", "green", 2400, 140, { S: 20, M: 35, L: 26 }),
  },
  {
    slug: "terracotta-pot",
    name: "Terracotta pot",
    category: "pots-and-planters",
    description: "Frost-proof Tuscan clay with a hole for drainage and a saucer.",
    variants: [
      variant("POT-14", { diameter: "14 cm" }, 900, 900, 66),
      variant("POT-22", { diameter: "22 cm" }, 1700, 2400, 40),
      variant("POT-34", { diameter: "34 cm" }, 3900, 7200, 11),
    ],
  },
  {
    slug: "herb-growing-kit",
    name: "Herb growing kit",
    category: "pots-and-planters",
    description: "Basil, parsley and chives with pots, soil and a pair of scissors. For a sunny window sill.",
    variants: [variant("HERBKIT-3", {}, 2200, 1600, 29)],
  },
  {
    slug: "organic-t-shirt",
    name: "Organic T-shirt",
    category: "tops",
    description: "Mid-weight jersey of organic cotton with a straight cut. Pre-washed, will not shrink.",
    variants: [
      ...sizes("TEE-WHITE", "white", 1900, 190, { S: 40, M: 60, L: 55, XL: 20 }),
      ...sizes("TEE-NAVY", "navy", 1900, 190, { S: 30, M: 45, L: 45, XL: 0 }),
    ],
  },
  {
    slug: "fishermans-jumper",
    name: "Fisherman's jumper",
    category: "tops",
    description: "Ribbed lambswool, knitted in one piece. Keeps the wind out on any pier.",
    variants: [
      ...sizes("JUMPER-NAVY", "navy", 9500, 720, { S: 8, M: 14, L: 12 }),
      ...sizes("JUMPER-ECRU", "écru", 9500, 720, { S: 6, M: 9, L: 7 }),
    ],
  },
  {
    slug: "flannel-shirt",
    name: "Flannel shirt",
    category: "tops",
    description: "Brushed cotton in a check that your grandfather would recognise.",
    variants: sizes("FLANNEL-RED", "red check", 5500, 340, { S: 10, M: 18, L: 18, XL: 9 }),
  },
  {
    slug: "canvas-tote-bag",
    name: "Canvas tote bag",
    category: "accessories",
    description: "Heavy canvas with a pocket inside and handles that fit over a winter coat.",
    variants: [
      variant("TOTE-NATURAL", { colour: "natural" }, 1600, 310, 100),
      variant("TOTE-BLACK", { colour: "black" }, 1600, 310, 72),
    ],
  },
  {
    slug: "merino-beanie",
    name: "Merino beanie",
    category: "accessories",
    description: "Fine merino wool, double layer, one size.",
    variants: [
      variant("BEANIE-CHARCOAL", { colour: "charcoal" }, 2800, 80, 37),
      variant("BEANIE-OCHRE", { colour: "ochre" }, 2800, 80, 22),
    ],
  },
  {
    slug: "wool-socks",
    name: "Wool socks, two pairs",
    category: "accessories",
    description: "Merino with a padded sole. Boots or sofa, they do not mind.",
    variants: sizes("SOCKS-GREY", "grey", 1800, 150, { "36-40": 50, "41-46": 58 }),
  },
  {
    slug: "dotted-notebook",
    name: "Dotted notebook",
    category: "notebooks",
    description: "A5, 192 pages of 100 g paper that ink does not bleed through, two ribbons, a pocket.",
    variants: [
      variant("NOTEBOOK-BLACK", { colour: "black" }, 1500, 330, 85),
      variant("NOTEBOOK-GREEN", { colour: "green" }, 1500, 330, 62),
      variant("NOTEBOOK-CORAL", { colour: "coral" }, 1500, 330, 1),
    ],
  },
  {
    slug: "pocket-sketchbook",
    name: "Pocket sketchbook",
    category: "notebooks",
    description: "A6, 80 sheets of 150 g drawing paper, sewn so that it lies flat.",
    variants: [variant("SKETCHBOOK-A6", {}, 1250, 240, 49)],
  },
  {
    slug: "fountain-pen",
    name: "Fountain pen",
    category: "pens-and-pencils",
    description: "A steel nib in a brushed aluminium body. For cartridges or a converter.",
    variants: [
      variant("PEN-F", { nib: "fine" }, 3600, 60, 21),
      variant("PEN-M", { nib: "medium" }, 3600, 60, 27),
    ],
  },
  {
    slug: "graphite-pencils",
    name: "Graphite pencils, twelve",
    category: "pens-and-pencils",
    description: "From 4H to 6B in cedar wood, in a tin.",
    variants: [variant("PENCILS-12", {}, 1400, 140, 57)],
  },
];
