import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const SOURCES = new URL("../../static/js/", import.meta.url);
const files = readdirSync(SOURCES, { recursive: true }).filter((name) => name.endsWith(".js"));
const source = Object.fromEntries(files.map((name) => [name, readFileSync(new URL(name, SOURCES), "utf8")]));

function exported(text) {
  const declared = [...text.matchAll(/^export (?:default )?(?:async )?(?:function\*?|class|const|let) (\w+)/gm)].map(([, name]) => name);
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(","));
  return new Set([...declared, ...listed.map((name) => name.trim().split(" as ").at(-1))]);
}

// One name that is not there keeps a page blank without a word on it.
test("every name that a module takes from another is given there", () => {
  for (const [name, text] of Object.entries(source)) {
    for (const [, names, path] of text.matchAll(/^import \{([^}]*)\} from "(\.[^"]+)";/gm)) {
      const other = new URL(path, new URL(name, SOURCES)).href.slice(SOURCES.href.length);
      assert.ok(other in source, `${name} takes from ${path}`);
      const given = exported(source[other]);
      for (const one of names.split(",").map((part) => part.trim().split(" as ")[0]).filter(Boolean)) {
        assert.ok(given.has(one), `${name} takes ${one} from ${path}`);
      }
    }
  }
});
