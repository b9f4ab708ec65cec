"use strict";
// The draws of the warehouse anew: SeedSequence, PCG64, permutation and random of numpy, and the
// distributions of method/draws.py. A test compares all of them with numpy.

/** The first words of numpy's SeedSequence for some whole numbers below 2 ** 32. */
function seedWords(entropy, count) {
  const pool = new Uint32Array(4);
  let hash = 0x43b0d7e5;
  const mixed = (value) => {
    value = (value ^ hash) >>> 0;
    hash = Math.imul(hash, 0x931e8875) >>> 0;
    value = Math.imul(value, hash) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mix = (x, y) => {
    const result = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (result ^ (result >>> 16)) >>> 0;
  };
  for (let i = 0; i < 4; i++) pool[i] = mixed(entropy[i] ?? 0);
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], mixed(pool[from]));
  }
  let output = 0x8b51f9dd;
  return Uint32Array.from({ length: count }, (_, i) => {
    let value = (pool[i % 4] ^ output) >>> 0;
    output = Math.imul(output, 0x58f38ded) >>> 0;
    value = Math.imul(value, output) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
}

/** PCG64 (XSL-RR) of numpy: `next` gives a pair of 32-bit words, the high one first. */
class Pcg64 {
  constructor(words) {
    // 128 bits as eight words of 16 bits, the lowest first: products stay exact
    const halves = (four) => four.flatMap((word) => [word & 0xffff, word >>> 16]);
    const [a, b, c, d, e, f, g, h] = words;
    const start = halves([c, d, a, b]);
    this.step = halves([g, h, e, f]);
    for (let i = 7; i > 0; i--) this.step[i] = ((this.step[i] << 1) | (this.step[i - 1] >>> 15)) & 0xffff;
    this.step[0] = ((this.step[0] << 1) | 1) & 0xffff;
    this.state = new Array(8).fill(0);
    this.advance();
    let carry = 0;
    for (let i = 0; i < 8; i++) {
      const sum = this.state[i] + start[i] + carry;
      this.state[i] = sum & 0xffff;
      carry = sum >>> 16;
    }
    this.advance();
    this.kept = null;
  }

  advance() {
    const { state, step } = this;
    const next = new Array(8);
    let carry = 0;
    for (let i = 0; i < 8; i++) {
      let sum = carry + step[i];
      for (let j = 0; j <= i; j++) sum += state[j] * Pcg64.FACTOR[i - j];
      next[i] = sum & 0xffff;
      carry = Math.floor(sum / 65536);
    }
    this.state = next;
  }

  next() {
    this.advance();
    const s = this.state;
    const word = (i) => ((s[i + 1] << 16) | s[i]) >>> 0;
    const low = (word(0) ^ word(4)) >>> 0;
    const high = (word(2) ^ word(6)) >>> 0;
    const turn = s[7] >>> 10;
    const [h, l] = turn & 32 ? [low, high] : [high, low];
    const by = turn & 31;
    if (by === 0) return [h, l];
    return [((h >>> by) | (l << (32 - by))) >>> 0, ((l >>> by) | (h << (32 - by))) >>> 0];
  }

  next32() {
    if (this.kept !== null) {
      const kept = this.kept;
      this.kept = null;
      return kept;
    }
    const [high, low] = this.next();
    this.kept = high;
    return low;
  }

  /** A double from 0 to 1. */
  random() {
    const [high, low] = this.next();
    return (high * 2097152 + (low >>> 11)) / 9007199254740992;
  }

  /** A whole number from 0 to `most`: the lowest bits that can hold it, until it fits. */
  upTo(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = this.next32() & mask;
      if (value <= most) return value;
    }
  }
}
// 0x2360ed051fc65da44385df649fccf645
Pcg64.FACTOR = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360];

function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const uniformsOfStreams = new Map();

/** One uniform draw in each of `draws` equal parts of (0, 1), in random order. */
function stratifiedUniforms(stream, draws, seed) {
  const key = `${seed} ${draws} ${stream}`;
  if (!uniformsOfStreams.has(key)) {
    const random = new Pcg64([...seedWords([seed, crc32(stream)], 8)]);
    const order = Float64Array.from({ length: draws }, (_, i) => i);
    for (let i = draws - 1; i > 0; i--) {
      const j = random.upTo(i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let i = 0; i < draws; i++) order[i] = (order[i] + random.random()) / draws;
    uniformsOfStreams.set(key, order);
  }
  return uniformsOfStreams.get(key);
}

const polynomial = (x, coefficients) => coefficients.reduce((sum, c) => sum * x + c, 0);

/** The quantile of the normal distribution: ndtri of Cephes (Moshier). */
function normalQuantile(probability) {
  const upper = probability > 1 - 0.13533528323661269189;
  const y = upper ? 1 - probability : probability;
  if (y > 0.13533528323661269189) {
    const z = y - 0.5;
    const z2 = z * z;
    const ratio =
      polynomial(z2, [-59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.931260938727967985, -1.23916583867381258016]) /
      polynomial(z2, [1, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527, 200.260212380060660359, -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142]);
    return (z + z * (z2 * ratio)) * 2.50662827463100050242;
  }
  const x = Math.sqrt(-2 * Math.log(y));
  const z = 1 / x;
  const ratio =
    x < 8
      ? polynomial(z, [4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700, 14.6849561928858024014, 2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418, -0.000857456785154685413611]) /
        polynomial(z, [1, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408, 2.50464946208309415979, -0.142182922854787788574, -0.0380806407691578277194, -0.000933259480895457427372])
      : polynomial(z, [3.23774891776946035970, 6.91522889068984211695, 3.93881025292474443415, 1.33303460815807542389, 0.201485389549179081538, 0.0123716634817820021358, 0.000301581553508235416007, 2.65806974686737550832e-6, 6.23974539184983293730e-9]) /
        polynomial(z, [1, 6.02427039364742014255, 3.67983563856160859403, 1.37702099489081330271, 0.216236993594496635890, 0.0134204006088543189037, 0.000328014464682127739104, 2.89247864745380683936e-6, 6.79019408009981274425e-9]);
  const found = x - Math.log(x) / x - z * ratio;
  return upper ? found : -found;
}

/** The draws of an uncertain value: low, central, high, distribution and stream. */
function drawsOf(uncertain, draws, seed) {
  const { low, central: peak, high, distribution, stream } = uncertain;
  const p = stratifiedUniforms(stream, draws, seed);
  const width = high - low;
  switch (distribution) {
    case "uniform":
      return p.map((x) => low + width * x);
    case "triangular":
      return p.map((x) =>
        x * width <= peak - low
          ? low + Math.sqrt(x * width * (peak - low))
          : high - Math.sqrt((1 - x) * width * (high - peak)),
      );
    case "normal": {
      const logSd = Math.log(high / low) / (2 * normalQuantile(0.975));
      return p.map((x) => peak * Math.exp(logSd * normalQuantile(x)));
    }
  }
  throw new Error(`no distribution ${distribution}`);
}

/** The quantile of sorted values, linear between two of them. */
function quantileOf(sorted, probability) {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
