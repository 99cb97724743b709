// SQL-injection filter service, first attempt: the features with regular expressions, the model as a weighted sum.
// Start: node server-first-attempt.mjs [port]   (or PORT; default 8080, 0 picks a free one)
import http from "node:http";
import fs from "node:fs";

const model = JSON.parse(fs.readFileSync(new URL("../research/weights.json", import.meta.url), "utf8"));

const keywords =
  "alter|case|create|declare|delete|drop|exec|execute|from|group|" +
  "having|information_schema|insert|into|join|limit|offset|order|select|" +
  "sysobjects|table|truncate|union|update|values|waitfor|when|where|xp_cmdshell";
const logicWords = "all|and|between|exists|in|is|like|not|or|regexp|rlike|xor";
const functions =
  "ascii|benchmark|cast|char|chr|concat|convert|count|database|elt|extractvalue|hex|if|ifnull|iif|length|load_file|" +
  "make_set|mid|nullif|ord|pg_sleep|rand|row|sleep|substr|substring|updatexml|user|version";

// Compiled once: this is on the hot path.
const KEYWORD = new RegExp(`\\b(${keywords})\\b`, "giu");
const LOGIC_WORD = new RegExp(`\\b(${logicWords})\\b`, "giu");
const FUNCTION_CALL = new RegExp(`\\b(${functions})\\s*\\(`, "giu");
const SAME_ON_BOTH_SIDES = /(['"]?)\b(\w+)\1\s*=\s*\1\2\b/g;

const occurrences = (text, pattern) => (text.match(pattern) || []).length;

function readQuery(record) {
  const raw = record.query ?? "";
  try {
    return decodeURIComponent(raw).trim();
  } catch {
    return raw.trim(); // not URL-encoded
  }
}

function shannonEntropy(text) {
  const frequency = {};
  for (const character of text.split("")) frequency[character] = (frequency[character] || 0) + 1;
  return Object.values(frequency).reduce((sum, n) => {
    const p = n / text.length;
    return sum - p * Math.log2(p);
  }, 0);
}

function quoteStyle(text) {
  const found = [
    ["'", "single"],
    ['"', "double"],
    ["`", "backtick"],
  ].filter(([mark]) => text.includes(mark));
  if (found.length > 1) return "mixed";
  return found.length === 1 ? found[0][1] : "none";
}

function computeFeatures(record) {
  const query = readQuery(record);
  const words = query.match(/\w+/g) || [];
  const letters = occurrences(query, /[a-z]/gi);
  return {
    length: query.length,
    words: words.length,
    longest_word: Math.max(0, ...words.map((word) => word.length)),
    null_values: query.split(/\s+/).filter((word) => word.toLowerCase() === "null").length,
    keywords: occurrences(query, KEYWORD),
    logic_words: occurrences(query, LOGIC_WORD),
    function_calls: occurrences(query, FUNCTION_CALL),
    quotes: occurrences(query, /['"`]/g),
    quote_style: quoteStyle(query),
    unbalanced_quotes: occurrences(query, /'/g) % 2 === 1 || occurrences(query, /"/g) % 2 === 1,
    comment_marks: ["--", "/*", "*/", "#"].reduce((sum, mark) => sum + query.split(mark).length - 1, 0),
    operators: occurrences(query, /[=<>!|&]/g),
    parentheses: occurrences(query, /[()]/g),
    semicolons: occurrences(query, /;/g),
    percent_escapes: occurrences(query, /%[0-9a-f]{2}/gi),
    tautology: SAME_ON_BOTH_SIDES.test(query),
    entropy: shannonEntropy(query),
    digit_percent: Math.round((100 * occurrences(query, /\d/g)) / query.length) || 0,
    special_share: occurrences(query, /[!-/:-@[-^`{-~]/g) / query.length || 0,
    uppercase_share: occurrences(query, /[A-Z]/g) / letters || 0,
  };
}

function modelInput(features, { name, transform, missing }) {
  if (transform === "equals") {
    const [feature, value] = name.split("=");
    return features[feature] === value ? 1 : 0;
  }
  const value = features[name] ?? missing;
  return transform === "log1p" ? Math.log1p(value) : Number(value);
}

function classify(record) {
  const features = computeFeatures(record);
  const z = model.inputs.reduce(
    (sum, input) => sum + (input.weight * (modelInput(features, input) - input.mean)) / input.scale,
    model.intercept,
  );
  const score = 1 / (1 + Math.exp(-z));
  return { is_injection: score >= model.threshold, score };
}

const routes = {
  "GET /": () => ({ tally: 1, name: "sqli-filter", version: "1.0.0", operations: ["process", "inference"] }),
  "GET /health": () => ({ status: "ok" }),
  "POST /process": (records) => records.map(computeFeatures),
  "POST /inference": (records) => records.map(classify),
};

const server = http.createServer((req, res) => {
  const reply = (status, value) => {
    res.writeHead(status, { "Content-Type": "application/json" });
    res.end(JSON.stringify(value));
  };
  const route = routes[`${req.method} ${req.url}`];
  if (!route) return reply(404, { error: "not found" });
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", () => {
    try {
      reply(200, route(req.method === "POST" ? JSON.parse(Buffer.concat(chunks)) : undefined));
    } catch (error) {
      reply(400, { error: String(error) });
    }
  });
});

server.listen(Number(process.argv[2] ?? process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
