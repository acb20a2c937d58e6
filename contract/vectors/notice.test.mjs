// The golden cases of contract/vectors/notice, read by JavaScript alone: `node --test contract/vectors/notice.test.mjs`.
// The format is told in contract/notice.md §8. Addresses, signed octets, signatures and restored bodies are computed.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { domainToASCII } from "node:url";

const folder = new URL("./notice/", import.meta.url);
const json = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
const octets = (base64) => {
  const held = Buffer.from(base64, "base64");
  assert.equal(held.toString("base64"), base64, "base64 as RFC 4648 §4 writes it");
  return held;
};
const latin = (base64) => octets(base64).toString("latin1");

const pen = json("pen");
const SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410 §4
const keys = pen.keys.map(({ id, public: key }) => ({
  id,
  key: createPublicKey({ key: Buffer.concat([SPKI, octets(key)]), format: "der", type: "spki" }),
}));
const REASONS = ["not-a-notification", "malformed", "other-version", "other-pen", "not-proven", "other-host"];

const fields = (mail) =>
  mail
    .split(/\r?\n\r?\n/, 1)[0]
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);

const canonical = (address) => {
  const at = address.lastIndexOf("@");
  const quoted = /^"([^\s()<>[\]:;@\\,".]+)"$/.exec(address.slice(0, at));
  const local = (quoted ? quoted[1] : address.slice(0, at)).normalize("NFC").toLowerCase();
  return `${local}@${domainToASCII(address.slice(at + 1)).replace(/\.$/, "")}`;
};

// Enough of RFC 5322 for the mails of these vectors: no comments, no commas in quoted names.
const addresses = (header, ...names) => {
  const lists = header.filter(([name]) => names.includes(name)).map(([, value]) => value);
  const each = lists.flatMap((list) => list.replace(/[^,;:]*:/, "").split(/[,;]/));
  const found = each.map((one) => (/<([^<>]*)>\s*$/.exec(one)?.[1] ?? one).trim()).filter((one) => one.includes("@"));
  return [...new Set(found.map(canonical))].sort();
};

// `a`: who wrote, where it went via an address of the PEN's. Null: it is not written as it has to be.
const authors = (a) => {
  if (!/^(?:(?:[\w.~@-]|%[0-9A-F]{2})+(?:,(?!$)|$))*$/.test(a)) return null;
  try {
    const found = a ? a.split(",").map(decodeURIComponent) : [];
    const sound = found.every((one) => /^("[^"]*"|[^\s@"]+)@[^\s@]+$/.test(one) && canonical(one) === one);
    return sound && found.every((one, at) => !at || found[at - 1] < one) ? found : null;
  } catch {
    return null;
  }
};

const claim = (header) => {
  const found = header.filter(([name]) => name === "stationer-notification");
  if (found.length !== 1) return { refused: found.length ? "malformed" : "not-a-notification" };
  const pairs = found[0][1].replace(/\s/g, "").split(";").map((one) => one.split(/=(.*)/, 2));
  const said = Object.fromEntries(pairs);
  if (Object.keys(said).length !== pairs.length) return { refused: "malformed" };
  if (said.v !== "1") return { refused: said.v ? "other-version" : "malformed" };
  if (!said.pen || !said.id || !/^\d+$/.test(said.t ?? "") || !said.s) return { refused: "malformed" };
  if (said.a !== undefined && !(said.authors = authors(said.a))) return { refused: "malformed" };
  return said.pen === pen.id ? said : { refused: "other-pen" };
};

const signed = (header, { id, t, authors: wrote }) =>
  [
    "stationer-notification v=1",
    ...(wrote ?? addresses(header, "from")).map((one) => `from=${one}`),
    ...(wrote ? addresses(header, "from").map((one) => `via=${one}`) : []),
    ...addresses(header, "to", "cc").map((one) => `to=${one}`),
    `pen=${pen.id}`,
    `id=${id}`,
    `t=${t}`,
    `host=${pen.host}`,
    "",
  ].join("\n");

// A host is a name of two labels at least; one's own machine may have a port and is reached without TLS.
const LOOPBACK = /^(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*localhost|127\.0\.0\.1|\[::1\])(?::([1-9]\d{0,4}))?$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const origin = (host) => {
  const local = LOOPBACK.exec(host);
  if (local && Number(local[1] ?? 1) < 65536) return `http://${host}`;
  const labels = host.split(".");
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) ? `https://${host}` : null;
};

const prove = (mail) => {
  const header = fields(mail);
  const said = claim(header);
  if (said.refused) return said;
  const made = Buffer.from(said.s, "base64url");
  if (header.some(([name, value]) => ["from", "to", "cc"].includes(name) && /[^\s<>,;@]{320}@/.test(value))) return { refused: "not-proven" };
  const key = keys.find((one) => verify(null, Buffer.from(signed(header, said)), one.key, made));
  const from = addresses(header, "from");
  if (!key || (said.authors && from.length !== 1)) return { refused: "not-proven" };
  const [type = "", coding = "7bit"] = ["content-type", "content-transfer-encoding"].map((one) => header.find(([name]) => name === one)?.[1]);
  const body = mail.slice(mail.search(/\r?\n\r?\n/)).trim();
  const seen = /^(?:multipart\/|text\/(?:plain|html)\b)/.test(type) && /^(?:[78]bit|binary|quoted-printable|base64)$/i.test(coding);
  if (!seen || (coding === "base64" && !/^[A-Za-z0-9+/\s]*=*\s*$/.test(body))) return { refused: "other-host" };
  const links = [...mail.replace(/=\r?\n/g, "").matchAll(/href=(?:3D)?"(https?:\/\/[^/"]*)/g)].map(([, at]) => at);
  return links.every((at) => at === origin(pen.host)) ? { id: said.id, at: Number(said.t), key: key.id, authors: said.authors ?? from, via: said.authors ? from[0] : "" } : { refused: "other-host" };
};

test("addresses have one spelling", () => {
  for (const { written, canonical: expected } of json("addresses")) assert.equal(canonical(written), expected);
});

test("a tag is taken off, and nothing else changes", () => {
  for (const { field, without } of json("tags")) {
    const [before, after] = [latin(field), latin(without)];
    if (before.includes("=?")) continue; // encoded words: for whoever restores
    const expected = before.replace(/\[secure\](?:[ \t]|\r\n(?=[ \t]))*(?=\S)/i, "").replace(/(?<=:.*\S)\s*\[secure\](?=\r\n$)/i, "");
    assert.equal(after, expected === before ? before.replace(/(?<=:)\s*\[secure\](?=\r\n$)/i, "") : expected);
  }
});

test("each notification is signed over what it says", () => {
  for (const one of json("notifications")) {
    if (one.refused) {
      assert.ok(["unparseable", "notification"].includes(one.refused), one.name);
      continue;
    }
    const header = fields(latin(one.notification));
    const said = claim(header);
    assert.equal(said.id, one.id);
    assert.equal(Number(said.t), one.at);
    assert.equal(signed(header, said), octets(one.signed).toString("utf8"), one.name);
    assert.equal(prove(latin(one.notification)).key, pen.keys[0].id, one.name);
    const value = (wanted) => header.find(([name]) => name === wanted)?.[1];
    if (one.via) {
      assert.deepEqual([addresses(header, "from"), value("sender")], [[one.via.address], undefined], one.name);
      assert.ok([undefined, canonical(one.via.reply_to || "@")].includes(value("reply-to")), one.name);
      assert.ok(!/@|\/\/|www\./.test(value("from").replace(/<?[^\s<>]+>?$/, "")), one.name);
    }
    assert.ok(!header.some(([name]) => ["bcc", "x-mailer", "keywords", "stationer-seal"].includes(name)), one.name);
  }
});

test("what is proven is, and what is refused is for that reason", () => {
  for (const { name, notification, ...expected } of json("proofs")) {
    assert.ok(!expected.refused || REASONS.includes(expected.refused), name);
    assert.deepEqual(prove(latin(notification)), expected, name);
  }
});

test("a host is a name, and only one's own machine has a port", () => {
  for (const { host, origin: expected } of json("hosts")) assert.equal(origin(host), expected, host);
});

test("on one's own machine a proof is for its host and port alone", () => {
  const { host, proofs } = json("loopback");
  const own = pen.host;
  pen.host = host;
  try {
    for (const { name, notification, ...expected } of proofs) assert.deepEqual(prove(latin(notification)), expected, name);
  } finally {
    pen.host = own;
  }
});

// A descriptor (contract/notice.md §9): one line for each thing, signed by every key of the PEN.
const described = (body, id, host, known) => {
  let one;
  try {
    one = JSON.parse(body);
  } catch {
    return "malformed";
  }
  if (one.v !== 1) return one.v == null ? "malformed" : "other-version";
  if (!one.keys.length || [one.name, one.tag, one.api, one.enrolment, one.logo].some((text) => /[\u0000-\u001f]/.test(text))) return "malformed";
  if (one.id !== id) return "other-pen";
  if (one.host !== host || ![one.api, one.enrolment].every((place) => place.startsWith(`${origin(host)}/`))) return "other-host";
  const octetsSigned = lines(one);
  const trusted = known.length ? known : [one.keys[0].public];
  const good = one.keys.some(({ id: name, public: key }) => {
    if (!trusted.includes(key) || !one.signatures[name]) return false;
    const spki = createPublicKey({ key: Buffer.concat([SPKI, octets(key)]), format: "der", type: "spki" });
    return verify(null, octetsSigned, spki, octets(one.signatures[name]));
  });
  return good ? undefined : "not-signed";
};
const lines = (one) =>
  Buffer.from(
    [
      `stationer-pen v=${one.v}`,
      ...["id", "name", "host"].map((name) => `${name}=${one[name]}`),
      ...one.keys.map(({ id, public: key }) => `key=${id} ${key}`),
      ...["tag", "api", "enrolment", "access", "colour", "logo"].map((name) => `${name}=${one[name]}`),
      `t=${one.issued_at}`,
      "",
    ].join("\n"),
  );

test("a descriptor is believed when a key that is known signed it", () => {
  const { pen: id, host, signed: expected, cases } = json("descriptors");
  assert.equal(lines(JSON.parse(octets(cases[0].octets))).toString("utf8"), octets(expected).toString("utf8"));
  for (const { name, known, octets: body, refused } of cases) assert.equal(described(octets(body).toString("utf8"), id, host, known), refused, name);
});

test("what is restored is the original below what the way added", () => {
  for (const { name, received, content, ...expected } of json("restored")) {
    if (expected.refused) {
      assert.ok([...REASONS, "other-content", "unparseable"].includes(expected.refused), name);
      continue;
    }
    const [whole, original, way] = [latin(expected.restored), latin(content), latin(received)];
    const body = original.slice(original.search(/\r?\n\r?\n/));
    assert.ok(whole.endsWith(body), name);
    const header = fields(whole);
    const own = fields(original).filter(([field]) => !["bcc", "stationer-seal"].includes(field));
    assert.deepEqual(header.slice(-own.length).map(([field]) => field), own.map(([field]) => field), name);
    assert.ok(header.some(([field, value]) => field === "stationer-restored" && value.startsWith(`v=1; pen=${pen.id}`)), name);
    for (const [field, value] of fields(way)) {
      if (["received", "return-path", "authentication-results"].includes(field))
        assert.ok(header.some(([one, said]) => one === field && said === value), `${name}: ${field}`);
    }
  }
});
