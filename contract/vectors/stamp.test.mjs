// Every golden case of contract/vectors/stamp, read by JavaScript alone: `node --test contract/vectors/stamp.test.mjs`.
// The format is told in contract/stamp.md §7. What can be computed without a stamping core is computed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("./stamp/", import.meta.url);
const schemas = new URL("../schemas/", import.meta.url);
const text = (name) => readFileSync(new URL(name, folder), "utf8");
const json = (name) => JSON.parse(text(name));
const sha256 = (held) => createHash("sha256").update(held).digest();
const { $defs: shapes, ...whole } = JSON.parse(readFileSync(new URL("stamp.vectors.json", schemas), "utf8"));

const base32 = (octets) => {
  let bits = "";
  for (const octet of octets) bits += octet.toString(2).padStart(8, "0");
  return bits.replace(/.{5}/g, (five) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five, 2)]);
};
const short = (held) => base32(sha256(held).subarray(0, 10));

const octets = (base64) => {
  const held = Buffer.from(base64, "base64");
  assert.equal(held.toString("base64"), base64, "base64 as RFC 4648 §4 writes it");
  return held;
};

// As much of JSON Schema as msgspec writes.
const check = (shape, value, where) => {
  if (shape.$ref) return check(shapes[shape.$ref.split("/").at(-1)], value, where);
  if (shape.anyOf) {
    const fits = shape.anyOf.some((one) => {
      try {
        check(one, value, where);
        return true;
      } catch {
        return false;
      }
    });
    return assert.ok(fits, where);
  }
  if (shape.enum) return assert.ok(shape.enum.includes(value), where);
  if (shape.contentEncoding === "base64") return void octets(value);
  switch (shape.type) {
    case "array":
      assert.ok(Array.isArray(value), where);
      return value.forEach((one, at) => check(shape.items ?? {}, one, `${where}[${at}]`));
    case "object":
      assert.ok(value && typeof value === "object" && !Array.isArray(value), where);
      for (const name of shape.required ?? []) assert.ok(name in value, `${where}.${name}`);
      for (const [name, one] of Object.entries(value)) {
        const known = shape.properties?.[name] ?? shape.additionalProperties;
        assert.ok(known, `${where}.${name} is not known`);
        check(known, one, `${where}.${name}`);
      }
      return;
    case "null":
      return assert.equal(value, null, where);
    case "integer":
      return assert.ok(Number.isInteger(value), where);
    case undefined:
      return;
    default:
      return assert.equal(typeof value, shape.type, where);
  }
};

const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const index = json("index.json");

test("the index names every file, its cases and its digest", () => {
  assert.deepEqual(Object.keys(index).sort(), files.filter((name) => name !== "index.json").sort());
  for (const [name, { cases, sha256: digest }] of Object.entries(index)) {
    assert.equal(sha256(text(name)).toString("hex"), digest, name);
    assert.equal(json(name).length, cases, name);
    assert.ok(cases > 0, name);
  }
});

test("every file has the shape that the schema tells", () => {
  const held = Object.fromEntries(files.map((name) => [name.replace(/\.json$/, ""), json(name)]));
  check(whole, held, "vectors");
});

test("offsets of a boundary count code points of the decoded part", () => {
  for (const { name, parts } of json("boundary.json")) {
    for (const { text: decoded, char, line, place } of parts) {
      const points = [...decoded];
      assert.ok(place >= 0 && place <= points.length, name);
      assert.equal(char === null, line === null, name);
      if (char !== null) assert.ok(char >= 0 && points.slice(char).join("").trim() !== "", name);
    }
  }
});

test("a hash is the first 10 bytes of SHA-256, in base32", () => {
  for (const { shown, hash } of json("marker.json")) assert.equal(short(shown), hash);
});

test("a block is found where its token stands, whatever clients put before it", () => {
  const token = /stationer-([A-Za-z0-9._-]{1,64})-(top|signature|banner|footer)-([a-z2-7]{8})-([a-z2-7]{16})/;
  for (const { name, html, blocks } of json("recognition.json")) {
    for (const { start, end, id, slot, mark } of blocks) {
      const element = [...html].slice(start, end).join("");
      assert.ok(element.startsWith("<"), name);
      assert.deepEqual(element.match(token).slice(1, 4), [id, slot, mark], name);
    }
  }
});

test("a case has one answer, and a stamped mail has our header", () => {
  for (const file of ["dress", "pictures", "restamp", "stamp", "unstamp"]) {
    for (const { name, order, mail, result, untouched, exact } of json(`${file}.json`)) {
      assert.ok((result === undefined) !== (untouched === undefined), name);
      assert.equal(exact !== undefined, order === undefined && result !== undefined, name);
      octets(mail);
      if (result !== undefined) {
        const stamped = octets(result).toString("latin1").split(/\r?\n\r?\n/)[0].includes("Stationer-Stamp: v=1; id=");
        assert.equal(stamped, order !== undefined, name);
      }
    }
  }
});

test("a Content-ID holds the digest of its picture", () => {
  let seen = 0;
  for (const { name, order, result } of json("pictures.json")) {
    const ids = [...octets(result).toString("latin1").matchAll(/stationer\.[a-z2-7]{16}\.([a-z2-7]{16})@/g)];
    const known = order.blocks.flatMap((block) => (block.pictures ?? []).map(({ data }) => short(octets(data))));
    for (const [, digest] of ids) assert.ok(known.includes(digest), name);
    seen += ids.length;
  }
  assert.ok(seen > 0);
});
