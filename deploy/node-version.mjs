/** Ends the process in words when Node is too old; the first thing every script does. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `Streamgauge needs Node 20.19 or later; this is ${process.versions.node}.\n` +
      "  Get a current one from https://nodejs.org or your version manager, such as: nvm install 22\n",
  );
  process.exit(1);
}
