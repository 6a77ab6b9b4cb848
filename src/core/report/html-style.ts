/** The look of an HTML report: light and dark, readable on a phone and on paper. */
export const htmlStyle: string = `
:root { color-scheme: light dark; --ground: light-dark(#eef0ee, #0d1113); --panel: light-dark(#fbfcfb, #14191c);
  --line: light-dark(#d3d9d7, #262f33); --ink: light-dark(#16201f, #dbe4e6); --dim: light-dark(#4d5a5a, #93a1a8);
  --good: light-dark(#1f6b3d, #6cc08a); --bad: light-dark(#a82a20, #f08a80);
  --s1: light-dark(#0a6c74, #56c7cf); --s2: light-dark(#b4560c, #f0a45c); --s3: light-dark(#5b4a94, #b3a4f2);
  --s4: light-dark(#1f7a3d, #8fd16a); --s5: light-dark(#b01e66, #f291be); --s6: light-dark(#35507a, #9fb8e0); }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 0.9rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 72rem; margin: 0 auto; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1rem 0 0; } h3 { font-size: 0.95rem; margin: 0 0 0.5rem; }
p { margin: 0; } .dim { color: var(--dim); }
section, details { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 1rem; }
summary { cursor: pointer; font-weight: 600; } details[open] > summary { margin-bottom: 0.75rem; }
ul { margin: 0; padding-left: 1.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--dim); font-weight: 600; white-space: nowrap; } td + td { white-space: nowrap; } td:last-child { white-space: normal; min-width: 8rem; }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .muted { color: var(--dim); }
.charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { margin: 0; overflow-x: auto; } figcaption { font-weight: 600; } svg { width: 100%; min-width: 22rem; height: auto; display: block; }
svg text { fill: var(--dim); font-size: 12px; } .name { text-anchor: end; } .tick { text-anchor: middle; }
.grid { stroke: var(--line); }
.s1 { --own: var(--s1); } .s2 { --own: var(--s2); } .s3 { --own: var(--s3); } .s4 { --own: var(--s4); } .s5 { --own: var(--s5); } .s6 { --own: var(--s6); }
.run { fill: none; stroke: var(--own); stroke-width: 1.5; } .interval { stroke: var(--own); stroke-width: 8; opacity: 0.35; }
.median { stroke: var(--own); stroke-width: 3; } .trace { fill: none; stroke: var(--own); stroke-width: 1.5; } .band { fill: var(--own); opacity: 0.14; }
.key { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; margin: 0 0 0.5rem; list-style: none; }
.key li::before { content: ""; display: inline-block; width: 0.9rem; height: 0.25rem; margin-right: 0.4rem; vertical-align: middle; background: var(--own); }
pre { margin: 0; overflow-x: auto; font: 0.8rem/1.45 ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; }
@media print { body { background: none; } details { break-inside: avoid; } }
`;
