/**
 * Makes dify-chat.js of the modules here: one file to load, small, with a source map. `node build.mjs <out> <node_modules>`, where
 * esbuild is. ChatElementTest runs it and tells when what is committed is out of date; hosts and Maven need none of this.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [out, modules] = process.argv.slice(2);
const { build, transform } = createRequire(join(modules, "x"))("esbuild");

const smallStyle = {
  name: "small-style",
  setup(plugins) {
    plugins.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** The kit's other files are served beside it, for pages that use them alone too. */
const besideIt = {
  name: "beside-it",
  setup(plugins) {
    plugins.onResolve({ filter: /\/dify-ui\// }, ({ path }) => ({ path: path.replace(/.*\//, "./"), external: true }));
  },
};

await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["dify-chat.js"],
  outfile: out,
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  plugins: [smallStyle, besideIt],
  banner: { js: "// Made of dify-jaxrs/src/main/js; do not edit." },
});
